const isMac = () => typeof navigator !== "undefined" && /Mac|iP/.test(navigator.platform);

/** `Mod+Shift+Z`: Mod is Cmd on a Mac and Ctrl elsewhere. A sign such as `?` is itself, however it is typed. */
export type Chord = string;

/** Whether a key press is the chord. */
export function isChord(event: KeyboardEvent, chord: Chord): boolean {
  const parts = chord.split(/\+(?=.)/);
  const key = parts.at(-1)!;
  const has = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (event.altKey || has("Mod") !== (event.ctrlKey || event.metaKey)) return false;
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!isSign && has("Shift") !== event.shiftKey) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** `Ctrl Shift Z`, on a Mac `⌘ ⇧ Z`. */
export function chordWords(chord: Chord, onMac: boolean = isMac()): string {
  const words: Readonly<Record<string, string>> = onMac
    ? { Mod: "⌘", Shift: "⇧", Escape: "Esc" }
    : { Mod: "Ctrl", Escape: "Esc" };
  return chord
    .split(/\+(?=.)/)
    .map((part) => words[part] ?? part)
    .join(" ");
}

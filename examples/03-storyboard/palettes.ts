/** The colours of one palette, from the top of the sky to what is nearest. */
export interface Palette {
  readonly sky: readonly [top: string, bottom: string];
  /** Far, middle and near layers of the land. */
  readonly land: readonly [string, string, string];
  readonly water: string;
  /** The subject: the boat, the balloon, the roof. */
  readonly accent: string;
  /** Sun, moon, windows. */
  readonly light: string;
  readonly ink: string;
}

export const paletteNames = ["Dawn", "Forest", "Deep sea", "Candy"] as const;
export type PaletteName = (typeof paletteNames)[number];

const palettes: Record<PaletteName, Palette> = {
  Dawn: {
    sky: ["#f6b48f", "#fde8cf"],
    land: ["#c98f93", "#8d6a86", "#4b4468"],
    water: "#7f9bb8",
    accent: "#e8590c",
    light: "#fff3bf",
    ink: "#2b2540",
  },
  Forest: {
    sky: ["#bfe3d0", "#f3f7e2"],
    land: ["#8fb996", "#4f8a6a", "#1f4d3e"],
    water: "#6fb3b8",
    accent: "#d9480f",
    light: "#fff9c4",
    ink: "#12302a",
  },
  "Deep sea": {
    sky: ["#2b4c7e", "#a9cfe8"],
    land: ["#5b84b1", "#33608c", "#17304f"],
    water: "#2f7f93",
    accent: "#ff922b",
    light: "#fff4d6",
    ink: "#0d1b2a",
  },
  Candy: {
    sky: ["#f9a8d4", "#fdf2f8"],
    land: ["#c4b5fd", "#8b7fd6", "#5b4b9a"],
    water: "#7dd3fc",
    accent: "#f43f5e",
    light: "#fef08a",
    ink: "#3b2a6b",
  },
};

type Mood = "day" | "evening" | "night";
export const moods = ["day", "evening", "night"] as const satisfies readonly Mood[];

/** The palette at an hour of the day: the same colours in another light. */
export function paletteAt(name: PaletteName, mood: Mood): Palette {
  const palette = palettes[name];
  if (mood === "day") return palette;
  const [towards, amount] = mood === "evening" ? (["#c2477a", 0.38] as const) : (["#10174f", 0.7] as const);
  const tint = (color: string) => mix(color, towards, amount);
  return {
    sky: [tint(palette.sky[0]), mix(palette.sky[1], towards, amount * 0.8)],
    land: [tint(palette.land[0]), tint(palette.land[1]), tint(palette.land[2])],
    water: tint(palette.water),
    accent: mix(palette.accent, towards, amount * 0.25),
    light: palette.light,
    ink: palette.ink,
  };
}

/** A colour between two, `amount` of the way from the first to the second. */
export function mix(from: string, to: string, amount: number): string {
  const channel = (color: string, index: number) =>
    Number.parseInt(color.slice(1 + 2 * index, 3 + 2 * index), 16);
  const mixed = [0, 1, 2].map((index) => {
    const value = channel(from, index) * (1 - amount) + channel(to, index) * amount;
    return Math.round(value).toString(16).padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}

/** What is done with the hand rather than with a command. */
export const gestures: readonly { readonly what: string; readonly how: string }[] = [
  { what: "Move the canvas", how: "drag it, wheel, Space and drag, one finger on it or two anywhere" },
  { what: "Zoom", how: "Ctrl or Cmd and wheel, pinch" },
  { what: "Move a card", how: "drag its head, arrow keys, with Shift in larger steps" },
  { what: "Select several cards", how: "Shift and drag around them, Ctrl or Cmd and click" },
  { what: "Menu of a card, connection or the canvas", how: "right button, long touch, Shift F10" },
  { what: "From card to card and into them", how: "Tab, Shift Tab" },
  { what: "Follow a connection", how: "Connections in a card's menu" },
  { what: "Go somewhere on the map", how: "click or drag there" },
];

export const portTypes = [
  "text",
  "number",
  "boolean",
  "image",
  "audio",
  "video",
  "file",
  "json",
  "any",
] as const;

export const edges = [
  { look: "idle", words: "nothing has flowed yet" },
  { look: "fresh", words: "what is shown was made from it" },
  { look: "stale", words: "out of date" },
  { look: "live", words: "being used" },
  { look: "many", words: "many values: each, or all" },
] as const;

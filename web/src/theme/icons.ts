/** Our own small drawings, on a grid of 16. */
interface Drawing {
  readonly path: string;
  readonly solid?: true;
}

export const icons = {
  run: { path: "M4 2.5v11l9-5.5z", solid: true },
  stop: { path: "M4 4h8v8H4z", solid: true },
  down: { path: "M4 6l4 4 4-4" },
  left: { path: "M10 3.5L5.5 8l4.5 4.5" },
  right: { path: "M6 3.5L10.5 8 6 12.5" },
  search: { path: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3" },
  expand: { path: "M9.5 2.5h4v4M13.2 2.8L9 7M6.500 13.500h-4v-4M2.800 13.200L7 9" },
  download: { path: "M8 2.500v7.500M4.800 7L8 10.200 11.200 7M3 13.500h10" },
  copy: {
    path: "M5.500 5.500V3.500a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.500 5.500h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1z",
  },
  close: { path: "M4 4l8 8M12 4l-8 8" },
  plus: { path: "M8 3v10M3 8h10" },
  check: { path: "M3 8.500l3.500 3.500L13 4.500" },
  pencil: { path: "M3 13l.6-2.800L10.800 3l2.200 2.200-7.200 7.200z" },
  bin: { path: "M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.6 9h5.800l.6-9" },
  sun: {
    path: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9",
  },
  moon: { path: "M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z" },
  input: { path: "M2.500 5.500a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM5 7v2" },
  fn: {
    path: "M11 3.200c-1.800-.8-2.900 0-3.200 1.800L6.600 11.300c-.3 1.700-1.300 2.400-2.800 1.700M5.300 7h4.600",
  },
  gradio: { path: "M8 2.300L13.700 8 8 13.700 2.300 8z", solid: true },
  model: { path: "M8 2l1.500 4.500L14 8l-4.500 1.500L8 14l-1.500-4.500L2 8l4.500-1.500z", solid: true },
  choice: {
    path: "M8 13.500V9.500M8 9.500C8 7 4 7.500 4 3.500M8 9.500c0-2.500 4-2 4-6M2.500 5L4 3.300 5.500 5M10.500 5L12 3.300 13.500 5",
  },
  human: {
    path: "M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8zM3 13.500c.5-2.500 2.300-4 5-4s4.500 1.500 5 4",
  },
} satisfies Record<string, Drawing>;

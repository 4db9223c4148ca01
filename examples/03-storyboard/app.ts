/** A storyboard: one picture for each scene of a story, mounted with captions on one sheet. Needs no network. */
import { setTimeout as delay } from "node:timers/promises";
import { FnNode, Graph, gr, InputNode } from "daggr";
import { moods, paletteAt, paletteNames } from "./palettes.ts";
import { animatic, contactSheet, mount, rasterise } from "./pictures.ts";
import { composeScene } from "./scenery.ts";
import { cameras, render, styleNames } from "./styles.ts";

const scenes = gr.Textbox({
  label: "Scenes, one a line",
  lines: 6,
  value: [
    "Morning over a quiet harbour. A small red boat waits.",
    "The boat sails past the lighthouse, five gulls above it.",
    "Clouds gather over the mountains. Rain falls on the lake.",
    "A balloon rises out of the forest, higher and higher.",
    "Evening in the city: a light in every window.",
    "Night. Moon and stars, and the boat is home.",
  ].join("\n"),
});

// Several inputs on one card.
const look = new InputNode({
  name: "look",
  ports: {
    style: gr.Radio({ label: "Style", choices: styleNames, value: "Paper cut" }),
    palette: gr.Dropdown({ label: "Palette", choices: paletteNames, value: "Dawn" }),
    seconds: gr.Slider({ label: "Seconds per shot", minimum: 0.5, maximum: 4, step: 0.5, value: 1 }),
  },
});

// A list that can be edited on the canvas: change a camera, and only that shot is drawn again.
const shots = new FnNode(
  ({ scenes }: { scenes: string }, { log }) => {
    const lines = scenes.split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) throw new Error("Write at least one scene.");
    log(`${lines.length} scenes`);
    return lines.map((scene, index) => ({
      number: index + 1,
      scene: scene.trim(),
      camera: cameras[index % 3] ?? "wide",
      mood: /night|moon/i.test(scene) ? moods[2] : /evening|dusk/i.test(scene) ? moods[1] : moods[0],
    }));
  },
  {
    name: "plan shots",
    inputs: { scenes },
    outputs: {
      list: gr.ItemList(
        {
          number: gr.Number({ label: "No." }),
          scene: gr.Textbox({ label: "Scene" }),
          camera: gr.Dropdown({ label: "Camera", choices: cameras }),
          mood: gr.Dropdown({ label: "Light", choices: moods }),
        },
        { label: "Shots" },
      ),
    },
  },
);

// Scattered: once for every shot, several at a time.
const draw = new FnNode(
  async ({ shot, style, palette }, { progress, log, file, signal }) => {
    progress(0.1, "Sketching");
    const colors = paletteAt(palette, shot.mood);
    const shapes = composeScene(shot.scene, colors, shot.mood === "night", 1);
    signal.throwIfAborted();
    progress(0.5, `Colouring ${shapes.length} shapes`);
    const image = await rasterise(
      render(shapes, colors, style, shot.camera),
      file(`shot-${shot.number}.png`),
    );
    log(`${style}, ${palette}, ${shot.mood}: ${shapes.length} shapes`);
    return image;
  },
  {
    name: "draw",
    concurrent: true,
    maxConcurrent: 2,
    inputs: { shot: shots.list.each, style: look.style, palette: look.palette },
    outputs: { image: gr.Image({ label: "Picture" }) },
  },
);

// One field of every item. Words as they come, as a language model would give them.
const caption = new FnNode(
  async function* ({ scene, camera }, { signal }) {
    let text = `${{ wide: "Wide shot", medium: "Medium shot", close: "Close-up" }[camera]}.`;
    yield text;
    for (const word of scene.split(" ")) {
      await delay(15, undefined, { signal });
      text += ` ${word}`;
      yield text;
    }
    return text;
  },
  {
    name: "caption",
    concurrent: true,
    inputs: { scene: shots.list.each.scene, camera: shots.list.each.camera },
    outputs: { text: gr.Textbox({ label: "Caption", lines: 2 }) },
  },
);

// Two scattered steps meet item by item: the picture and the caption of the same shot.
const panel = new FnNode(
  ({ image, text, number }: { image: string; text: string; number: number }, { file }) =>
    mount(image, number, text, file(`panel-${number}.png`)),
  {
    name: "mount",
    concurrent: true,
    inputs: { image: draw.image, text: caption.text, number: shots.list.each.number },
    outputs: { image: gr.Image({ label: "Panel" }) },
  },
);

// Gathered: all panels as one list.
const sheet = new FnNode(
  async ({ panels, title }: { panels: string[]; title: string }, { progress, file }) => {
    progress(0.2, `Placing ${panels.length} panels`);
    return contactSheet(panels, title, file("storyboard.png"));
  },
  {
    name: "contact sheet",
    inputs: { panels: panel.image.all(), title: gr.Textbox({ label: "Title", value: "The red boat" }) },
    outputs: { image: gr.Image({ label: "Storyboard" }) },
  },
);

const film = new FnNode(
  ({ images, seconds }: { images: string[]; seconds: number }, { progress, file }) => {
    progress(null, `Joining ${images.length} pictures`);
    return animatic(images, seconds, file("animatic.webp"));
  },
  {
    name: "animatic",
    inputs: { images: draw.image.all(), seconds: look.seconds },
    outputs: { film: gr.Image({ label: "Moving storyboard" }) },
  },
);

export const graph = new Graph({
  name: "Storyboard",
  nodes: [look, shots, draw, caption, panel, sheet, film],
});

await graph.launch();

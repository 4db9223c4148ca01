/** One stroke of brush or eraser, in pixels of the picture. */
export interface Stroke {
  readonly type: "stroke";
  readonly points: readonly number[];
  readonly colour: string;
  readonly size: number;
  readonly isErasing: boolean;
}

/** A picture that was there when the editor was opened. */
export interface Pasted {
  readonly type: "picture";
  readonly image: CanvasImageSource;
}

export interface Layer {
  readonly id: number;
  readonly name: string;
  readonly isVisible: boolean;
  readonly marks: readonly (Stroke | Pasted)[];
}

/** What is drawn; never changed, only followed by another. */
export interface Sketch {
  /** Where the picture begins: cropping moves it, and what is drawn stays. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly background: CanvasImageSource | null;
  /** From the lowest to the topmost. */
  readonly layers: readonly Layer[];
  readonly selected: number;
}

const nextId = (sketch: Sketch) => Math.max(0, ...sketch.layers.map(({ id }) => id)) + 1;

const changeLayer = (sketch: Sketch, id: number, change: Partial<Layer>): Sketch => ({
  ...sketch,
  layers: sketch.layers.map((layer) => (layer.id === id ? { ...layer, ...change } : layer)),
});

export function withStroke(sketch: Sketch, stroke: Stroke): Sketch {
  const layer = sketch.layers.find(({ id }) => id === sketch.selected);
  if (layer === undefined) return sketch;
  return changeLayer(sketch, layer.id, { marks: [...layer.marks, stroke] });
}

export function withNewLayer(sketch: Sketch): Sketch {
  const id = nextId(sketch);
  const above = sketch.layers.findIndex((layer) => layer.id === sketch.selected) + 1 || sketch.layers.length;
  const layer: Layer = { id, name: `Layer ${id}`, isVisible: true, marks: [] };
  return { ...sketch, layers: sketch.layers.toSpliced(above, 0, layer), selected: id };
}

/** The last one is emptied instead: there is always something to draw on. */
export function withoutLayer(sketch: Sketch, id: number): Sketch {
  if (sketch.layers.length === 1) return changeLayer(sketch, id, { marks: [] });
  const at = sketch.layers.findIndex((layer) => layer.id === id);
  const layers = sketch.layers.toSpliced(at, 1);
  const selected = sketch.selected === id ? layers[Math.max(0, at - 1)]!.id : sketch.selected;
  return { ...sketch, layers, selected };
}

export function withLayerMoved(sketch: Sketch, id: number, by: 1 | -1): Sketch {
  const at = sketch.layers.findIndex((layer) => layer.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= sketch.layers.length) return sketch;
  return { ...sketch, layers: sketch.layers.toSpliced(at, 1).toSpliced(to, 0, sketch.layers[at]!) };
}

export function withLayerShown(sketch: Sketch, id: number, isVisible: boolean): Sketch {
  return changeLayer(sketch, id, { isVisible });
}

/** Everything that was drawn is gone; the background stays. */
export function cleared(sketch: Sketch): Sketch {
  return { ...sketch, layers: sketch.layers.map((layer) => ({ ...layer, marks: [] })) };
}

/** A part of the picture, or more than it: in whole pixels, and at least one. */
export function cropped(sketch: Sketch, x: number, y: number, width: number, height: number): Sketch {
  return {
    ...sketch,
    x: sketch.x + Math.round(x),
    y: sketch.y + Math.round(y),
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
  };
}

/** What can be undone, with what was undone. Choosing a layer is no change. */
export class History {
  #past: Sketch[] = [];
  #future: Sketch[] = [];
  #now: Sketch;

  constructor(first: Sketch) {
    this.#now = first;
  }

  get now(): Sketch {
    return this.#now;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  change(next: Sketch): void {
    if (next === this.#now) return;
    this.#past.push(this.#now);
    this.#future = [];
    this.#now = next;
  }

  select(layer: number): void {
    this.#now = { ...this.#now, selected: layer };
  }

  undo(): void {
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#future.push(this.#now);
    this.#now = before;
  }

  redo(): void {
    const after = this.#future.pop();
    if (after === undefined) return;
    this.#past.push(this.#now);
    this.#now = after;
  }
}

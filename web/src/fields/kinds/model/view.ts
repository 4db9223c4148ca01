import { el, numeric } from "../../dom.ts";

/** Something that can be turned, drawn only when it has changed. */
export interface Stage {
  readonly canvas: HTMLCanvasElement;
  draw(): void;
  resize(width: number, height: number): void;
  turn(right: number, down: number): void;
  zoom(by: number): void;
  reset(): void;
  destroy(): void;
}

export interface StageOptions {
  readonly address: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly background: readonly [number, number, number, number] | null;
}

/** Gradio's `clearColor`: four numbers from 0 to 1. */
export function backgroundOf(props: Readonly<Record<string, unknown>>): StageOptions["background"] {
  const given = props["clearColor"];
  if (!Array.isArray(given) || given.length < 3) return null;
  const [red, green, blue, alpha] = given.map((part) => Math.max(0, Math.min(1, numeric(part) ?? 0)));
  return [red!, green!, blue!, given.length > 3 ? alpha! : 1];
}

/** Gradio's `cameraPosition`: longitude and latitude in degrees, and the distance; `null` is left to us. */
export function cameraOf(props: Readonly<Record<string, unknown>>): {
  alpha: number;
  beta: number;
  radius: number | null;
} {
  const given = Array.isArray(props["cameraPosition"]) ? props["cameraPosition"] : [];
  const [alpha, beta, radius] = given.map(numeric);
  return {
    alpha: ((alpha ?? 60) * Math.PI) / 180,
    beta: Math.max(0.01, Math.min(Math.PI - 0.01, ((beta ?? 70) * Math.PI) / 180)),
    radius: radius !== undefined && radius > 0 ? radius : null,
  };
}

/** Keys of a stage: arrows turn, plus and minus zoom, R resets. */
export function listenToKeys(stage: Stage, canvas: HTMLCanvasElement): void {
  const step = Math.PI / 24;
  const keys: Record<string, () => void> = {
    ArrowLeft: () => stage.turn(-step, 0),
    ArrowRight: () => stage.turn(step, 0),
    ArrowUp: () => stage.turn(0, -step),
    ArrowDown: () => stage.turn(0, step),
    "+": () => stage.zoom(1 / 1.15),
    "=": () => stage.zoom(1 / 1.15),
    "-": () => stage.zoom(1.15),
    _: () => stage.zoom(1.15),
    r: () => stage.reset(),
    R: () => stage.reset(),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

export function stageCanvas(name: string): HTMLCanvasElement {
  return el("canvas", {
    class: "f-model-canvas",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "3D view",
    "aria-label": name,
    "aria-description": "Arrow keys turn, plus and minus zoom, R resets",
  });
}

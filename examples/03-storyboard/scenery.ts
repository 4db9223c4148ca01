import type { Palette } from "./palettes.ts";
import { random } from "./random.ts";

export const WIDTH = 960;
export const HEIGHT = 540;

/** A piece of a picture: an outline with its colour, or strokes without a filling. */
export interface Shape {
  readonly path: string;
  readonly color: string;
  readonly strokeWidth?: number;
  /** Sun, stars and clouds stay where they are when the camera comes closer. */
  readonly isSky?: boolean;
}

/** The layers of a picture, from the farthest to the nearest. */
export function composeScene(text: string, palette: Palette, isNight: boolean, seed: number): Shape[] {
  const next = random(`${text}|${seed}`);
  const words = new Set(text.toLowerCase().match(/[a-z]+/g));
  const says = (...names: string[]) => names.some((name) => words.has(name) || words.has(`${name}s`));
  const between = (from: number, to: number) => from + next() * (to - from);
  const sky: Shape[] = [];
  const shapes: Shape[] = [];
  const [far, middle, near] = palette.land;

  if (isNight || says("star", "night")) {
    for (let star = 0; star < 40; star += 1) {
      sky.push(circle(between(0, WIDTH), between(0, 260), between(0.8, 2.6), palette.light));
    }
  }
  const sunX = between(620, 800);
  if (isNight || says("moon")) sky.push(crescent(sunX, between(90, 130), 46, palette.light));
  else sky.push(circle(sunX, between(100, 180), 52, palette.light));
  if (says("cloud", "rain", "storm", "snow"))
    for (let n = 0; n < 4; n += 1)
      sky.push(cloud(90 + n * 230 + between(-40, 40), between(70, 150), between(0.8, 1.2), palette.sky[1]));

  if (says("mountain", "peak", "valley")) {
    shapes.push(ridge(next, 250, 130, 5, far), ridge(next, 330, 90, 6, middle));
  } else {
    shapes.push(hills(next, 330, 44, far));
  }
  if (says("city", "town", "street", "roof")) shapes.push(...skyline(next, palette));
  const isWater = says("harbour", "sea", "lake", "ocean", "river", "boat", "sail", "island", "lighthouse");
  if (isWater)
    for (let wave = 0; wave < 3; wave += 1)
      shapes.push(waves(385 + wave * 42, wave * 60, [palette.water, middle, near][wave] ?? near));
  else shapes.push(hills(next, 400, 30, middle));
  if (says("forest", "wood", "tree", "pine"))
    for (let tree = 0; tree < 13; tree += 1)
      shapes.push(
        pine(
          tree * 78 + between(-24, 24),
          between(440, 500),
          between(0.8, 1.5),
          tree % 3 === 0 ? middle : near,
        ),
      );

  if (says("lighthouse")) shapes.push(...lighthouse(190, 420, palette));
  if (says("house", "home", "cottage")) shapes.push(...house(250, 430, palette));
  if (says("balloon")) shapes.push(...balloon(between(380, 520), between(170, 210), palette));
  if (says("boat", "sail", "ship")) shapes.push(...boat(between(520, 590), 420, palette));
  if (says("gull", "bird", "crane", "swallow"))
    for (let bird = 0; bird < 5; bird += 1)
      shapes.push(gull(between(300, 700), between(90, 230), between(10, 20), palette.ink));
  if (!isWater) shapes.push(hills(next, 490, 18, near));
  if (says("rain", "storm"))
    for (let drop = 0; drop < 70; drop += 1)
      shapes.push(streak(between(0, WIDTH), between(130, HEIGHT), palette.sky[1]));
  if (says("snow"))
    for (let flake = 0; flake < 90; flake += 1)
      shapes.push(circle(between(0, WIDTH), between(0, HEIGHT), between(1.5, 4), "#ffffff"));
  return [...sky.map((shape) => ({ ...shape, isSky: true })), ...shapes];
}

function circle(x: number, y: number, radius: number, color: string): Shape {
  return {
    path: `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`,
    color,
  };
}

function crescent(x: number, y: number, radius: number, color: string): Shape {
  return {
    path: `M${x} ${y - radius}a${radius} ${radius} 0 1 0 ${radius} ${radius * 1.2}a${radius * 0.85} ${radius * 0.85} 0 0 1 ${-radius} ${-radius * 1.2}Z`,
    color,
  };
}

function cloud(x: number, y: number, scale: number, color: string): Shape {
  const s = (value: number) => value * scale;
  return {
    path: `M${x} ${y}h${s(150)}a${s(28)} ${s(28)} 0 0 0 ${s(-18)} ${s(-50)}a${s(42)} ${s(42)} 0 0 0 ${s(-78)} ${s(-12)}a${s(31)} ${s(31)} 0 0 0 ${s(-54)} ${s(62)}Z`,
    color,
  };
}

function hills(next: () => number, y: number, height: number, color: string): Shape {
  let path = `M0 ${HEIGHT}V${y}`;
  for (let x = 0; x < WIDTH; x += 240)
    path += `q60 ${-height * (0.5 + next())} 120 0t120 ${(next() - 0.5) * 20}`;
  return { path: `${path}V${HEIGHT}Z`, color };
}

function ridge(next: () => number, y: number, height: number, peaks: number, color: string): Shape {
  const step = WIDTH / peaks;
  let path = `M${-step} ${HEIGHT}L${-step} ${y + 80}`;
  for (let peak = 0; peak <= peaks; peak += 1) {
    path += `L${(peak - 0.5 + next() * 0.3) * step} ${y - height * (0.4 + next() * 0.8)}L${peak * step + step * 0.2} ${y + 50 * next()}`;
  }
  return { path: `${path}L${WIDTH + step} ${HEIGHT}Z`, color };
}

function waves(y: number, shift: number, color: string): Shape {
  return { path: `M${-shift - 60} ${HEIGHT}V${y}${"q30 -16 60 0t60 0".repeat(11)}V${HEIGHT}Z`, color };
}

function pine(x: number, y: number, scale: number, color: string): Shape {
  const w = 30 * scale;
  const h = 34 * scale;
  return {
    path: `M${x} ${y - 3.4 * h}l${w * 0.7} ${h * 1.2}h${-w * 0.3}l${w * 0.6} ${h}h${-w * 0.3}l${w * 0.7} ${h * 1.2}h${-2.8 * w}l${w * 0.7} ${-h * 1.2}h${-w * 0.3}l${w * 0.6} ${-h}h${-w * 0.3}Z`,
    color,
  };
}

function skyline(next: () => number, palette: Palette): Shape[] {
  const shapes: Shape[] = [];
  let windows = "";
  for (let x = 40; x < WIDTH - 60; x += 74) {
    const height = 110 + next() * 190;
    const top = 470 - height;
    shapes.push({ path: `M${x} 500V${top}h66V500Z`, color: palette.land[x % 3 === 0 ? 1 : 2] });
    for (let row = top + 16; row < 460; row += 26) {
      for (let column = 0; column < 3; column += 1)
        if (next() > 0.4) windows += `M${x + 11 + column * 17} ${row}h9v13h-9Z`;
    }
  }
  return [...shapes, { path: windows, color: palette.light }];
}

function lighthouse(x: number, y: number, palette: Palette): Shape[] {
  return [
    { path: `M${x - 120} 470q60 -70 130 -56t110 70Z`, color: palette.land[2] },
    { path: `M${x + 10} ${y - 205}L${WIDTH} ${y - 310}V${y - 150}Z`, color: `${palette.light}66` },
    { path: `M${x - 26} ${y + 10}l12 -200h28l12 200Z`, color: "#fffaf2" },
    {
      path: `M${x - 22} ${y - 50}l3 -46h38l3 46ZM${x - 17} ${y - 140}l2 -40h30l2 40Z`,
      color: palette.accent,
    },
    { path: `M${x - 13} ${y - 190}v-26h26v26Z`, color: palette.light },
    { path: `M${x - 19} ${y - 216}l19 -22l19 22Z`, color: palette.ink },
  ];
}

function house(x: number, y: number, palette: Palette): Shape[] {
  return [
    { path: `M${x} ${y + 60}v-70h110v70Z`, color: "#fffaf2" },
    { path: `M${x - 16} ${y - 8}l71 -56l71 56Z`, color: palette.accent },
    { path: `M${x + 20} ${y + 12}h24v24h-24ZM${x + 66} ${y + 12}h24v24h-24Z`, color: palette.light },
  ];
}

function balloon(x: number, y: number, palette: Palette): Shape[] {
  const envelope = `M${x} ${y - 110}c95 0 110 120 20 185h-40c-90 -65 -75 -185 20 -185Z`;
  return [
    { path: envelope, color: palette.accent },
    { path: `M${x} ${y - 110}c38 0 44 120 12 185h-24c-32 -65 -26 -185 12 -185Z`, color: palette.light },
    { path: `M${x - 17} ${y + 76}l7 34M${x + 17} ${y + 76}l-7 34`, color: palette.ink, strokeWidth: 2 },
    { path: `M${x - 16} ${y + 110}h32l-4 26h-24Z`, color: palette.ink },
  ];
}

function boat(x: number, y: number, palette: Palette): Shape[] {
  return [
    { path: `M${x - 3} ${y - 6}v-150h6v150Z`, color: palette.ink },
    { path: `M${x + 8} ${y - 150}q74 60 70 132h-70Z`, color: "#fffaf2" },
    { path: `M${x - 9} ${y - 128}q-52 56 -50 110h50Z`, color: palette.light },
    { path: `M${x - 96} ${y - 8}h196q-16 46 -44 46h-108q-34 0 -44 -46Z`, color: palette.accent },
  ];
}

function gull(x: number, y: number, size: number, color: string): Shape {
  return {
    path: `M${x - size * 2} ${y}q${size} ${-size} ${size * 2} 0q${size} ${-size} ${size * 2} 0`,
    color,
    strokeWidth: 3,
  };
}

function streak(x: number, y: number, color: string): Shape {
  return { path: `M${x} ${y}l-9 26`, color, strokeWidth: 2 };
}

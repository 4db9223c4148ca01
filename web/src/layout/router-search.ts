import type { Point } from "./geometry.ts";
import { close, covered, type Grid } from "./router-grid.ts";

const bendCost = 46;
const crossingCost = 14;
/** Running on another edge's line costs this times the length. */
const sharedCost = 6;
/** Running along an edge from the same port is welcome: they leave as one line. */
const ownCost = 0.75;
const closeCost = 4;
const coveredCost = 4000;
/** Lines nearer than this look like one. */
const nearPx = 6;

/** Finds ways through a grid, remembering which pieces earlier edges took. */
export class RouteSearch {
  readonly #grid: Grid;
  /** Who runs on a piece: 0 nobody, else the number of its source. */
  readonly #acrossOwner: Int32Array;
  readonly #downOwner: Int32Array;
  readonly #cost: Float64Array;
  readonly #from: Int32Array;
  readonly #seen: Int32Array;
  #generation = 0;
  readonly #heap = new Heap();

  constructor(grid: Grid) {
    this.#grid = grid;
    const size = grid.xs.length * grid.ys.length;
    this.#acrossOwner = new Int32Array(size);
    this.#downOwner = new Int32Array(size);
    this.#cost = new Float64Array(size * 2);
    this.#from = new Int32Array(size * 2);
    this.#seen = new Int32Array(size * 2);
  }

  /** The cheapest way between two points of the grid, leaving and arriving horizontally. */
  find(start: Point, end: Point, owner: number): Point[] {
    const { xs, ys } = this.#grid;
    const width = xs.length;
    const startAt = this.#grid.indexOfY(start.y) * width + this.#grid.indexOfX(start.x);
    const endX = this.#grid.indexOfX(end.x);
    const endY = this.#grid.indexOfY(end.y);
    const goal = (endY * width + endX) * 2;
    this.#generation++;
    this.#heap.clear();
    this.#open(startAt * 2, 0, -1, 0);
    while (true) {
      const state = this.#heap.pop();
      if (state === undefined) return [start, end];
      if (state === goal) return this.#trace(state);
      const at = state >> 1;
      const isVertical = (state & 1) === 1;
      const xi = at % width;
      const yi = (at - xi) / width;
      const base = this.#cost[state]!;
      const step = (nextX: number, nextY: number, vertical: boolean, piece: number) => {
        const length = vertical ? Math.abs(ys[nextY]! - ys[yi]!) : Math.abs(xs[nextX]! - xs[xi]!);
        const level = (vertical ? this.#grid.down : this.#grid.across)[piece]!;
        const user = (vertical ? this.#downOwner : this.#acrossOwner)[piece]!;
        const crossed = (vertical ? this.#acrossOwner : this.#downOwner)[nextY * width + nextX]!;
        let cost = length * (user === 0 ? 1 : user === owner ? ownCost : 1 + sharedCost);
        if (level === covered) cost += coveredCost + length * 50;
        else if (level === close) cost += 20 + length * closeCost;
        if (crossed !== 0 && crossed !== owner) cost += crossingCost;
        if (vertical !== isVertical) cost += bendCost;
        const next = (nextY * width + nextX) * 2 + (vertical ? 1 : 0);
        const rest = Math.abs(xs[nextX]! - end.x) + Math.abs(ys[nextY]! - end.y);
        // It arrives horizontally: from another height that takes two bends, and one once it is turned.
        const bends = vertical ? 1 : nextY === endY ? 0 : 2;
        this.#open(next, base + cost, state, rest * ownCost + bends * bendCost);
      };
      if (xi + 1 < width) step(xi + 1, yi, false, at);
      if (xi > 0) step(xi - 1, yi, false, at - 1);
      if (yi + 1 < ys.length) step(xi, yi + 1, true, at);
      if (yi > 0) step(xi, yi - 1, true, at - width);
      // Turning on the spot at the goal: arriving from above is made horizontal.
      if (isVertical && xi === endX && yi === endY) this.#open(goal, base + bendCost * 2, state, 0);
    }
  }

  /** Remembers a route, so that later ones keep off it. */
  take(route: readonly Point[], owner: number): void {
    for (let index = 1; index < route.length; index++)
      this.#takeSegment(route[index - 1]!, route[index]!, owner);
  }

  #takeSegment(a: Point, b: Point, owner: number): void {
    const { xs, ys } = this.#grid;
    const width = xs.length;
    const isVertical = a.x === b.x;
    const own = isVertical ? this.#downOwner : this.#acrossOwner;
    const along = isVertical ? ys : xs;
    const sideways = isVertical ? xs : ys;
    const low = isVertical ? Math.min(a.y, b.y) : Math.min(a.x, b.x);
    const high = isVertical ? Math.max(a.y, b.y) : Math.max(a.x, b.x);
    const position = isVertical ? a.x : a.y;
    for (let side = 0; side < sideways.length; side++) {
      if (Math.abs(sideways[side]! - position) > nearPx) continue;
      for (let piece = 0; piece < along.length - 1; piece++) {
        if (along[piece + 1]! <= low || along[piece]! >= high) continue;
        const at = isVertical ? piece * width + side : side * width + piece;
        own[at] = owner;
      }
    }
  }

  #open(state: number, cost: number, from: number, rest: number): void {
    if (this.#seen[state] === this.#generation && this.#cost[state]! <= cost) return;
    this.#seen[state] = this.#generation;
    this.#cost[state] = cost;
    this.#from[state] = from;
    this.#heap.push(state, cost + rest);
  }

  #trace(end: number): Point[] {
    const { xs, ys } = this.#grid;
    const width = xs.length;
    const points: Point[] = [];
    for (let state = end; state !== -1; state = this.#from[state]!) {
      const at = state >> 1;
      points.push({ x: xs[at % width]!, y: ys[Math.floor(at / width)]! });
    }
    return points.reverse();
  }
}

/** A binary heap of states by their estimated cost. */
class Heap {
  readonly #states: number[] = [];
  readonly #keys: number[] = [];

  clear(): void {
    this.#states.length = 0;
    this.#keys.length = 0;
  }

  push(state: number, key: number): void {
    let at = this.#states.length;
    this.#states.push(state);
    this.#keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#keys[parent]! <= key) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#states[at] = state;
    this.#keys[at] = key;
  }

  pop(): number | undefined {
    const top = this.#states[0];
    const state = this.#states.pop();
    const key = this.#keys.pop();
    if (state === undefined || key === undefined || this.#states.length === 0) return top;
    let at = 0;
    while (true) {
      let child = at * 2 + 1;
      if (child >= this.#states.length) break;
      if (child + 1 < this.#states.length && this.#keys[child + 1]! < this.#keys[child]!) child++;
      if (this.#keys[child]! >= key) break;
      this.#move(child, at);
      at = child;
    }
    this.#states[at] = state;
    this.#keys[at] = key;
    return top;
  }

  #move(from: number, to: number): void {
    this.#states[to] = this.#states[from]!;
    this.#keys[to] = this.#keys[from]!;
  }
}

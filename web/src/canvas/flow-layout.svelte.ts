import type { Node } from "@xyflow/svelte";
import { untrack } from "svelte";
import { cachedLayout, cacheLayout } from "../layout/cache.ts";
import { layoutInColumns } from "../layout/columns.ts";
import { layoutCards } from "../layout/elk.ts";
import { estimateShape } from "../layout/estimate.ts";
import {
  type Box,
  boundsOf,
  type CardShape,
  intersects,
  type LayoutEdge,
  type Point,
  type Positions,
  type Routes,
  type Size,
} from "../layout/geometry.ts";
import { pushDown } from "../layout/push-down.ts";
import { RouteClient } from "../layout/route-client.ts";
import type { App } from "../state/app.svelte.ts";
import type { GraphIndex } from "../state/graph-index.ts";
import { measureCard } from "./measure.ts";
import { cullFrom, estimateFrom, farZoom, type View } from "./mounted.ts";
import { Sight } from "./sight.svelte.ts";

export type FlowNode = Node<Record<string, never>, "card">;

const settleMs = 320;

/** Where cards stand and how edges run: keeps the flow's nodes, the layout and the routes in step. */
export class FlowLayout {
  /** All of them, in the page or not. */
  nodes = $state.raw<FlowNode[]>([]);
  edges = $state.raw<never[]>([]);
  routes = $state.raw<Routes>({});
  /** Whether cards may be seen: they have a place. */
  isReady = $state(false);
  isSettling = $state(false);
  /** A better layout than the one that is shown is being worked out. */
  isWorking = $state(true);
  /** Grows when the whole picture was laid out anew. */
  laidOut = $state(0);
  isDragging = false;

  #base = $state.raw<Positions>({});
  #shapes = $state.raw<ReadonlyMap<string, CardShape>>(new Map());
  readonly #boxes = $derived.by(() => {
    const boxes = new Map<string, Box>();
    for (const { id, position } of this.nodes) {
      const { width = 0, height = 0 } = this.#shapes.get(id) ?? {};
      boxes.set(id, { x: position.x, y: position.y, width, height });
    }
    return boxes;
  });
  #elements = new Map<string, HTMLElement>();
  readonly sight = new Sight((id) => this.#elements.get(id));
  /** What the flow draws. Cards that are selected move with the others, even out of sight. */
  readonly #mounted = $derived.by(() => {
    const { shown } = this.sight;
    if (shown === null) return this.nodes;
    const mounted: FlowNode[] = [];
    for (const node of this.nodes) {
      if (shown.has(node.id)) mounted.push(node);
      else if (node.selected === true) mounted.push({ ...node, hidden: true });
    }
    return mounted;
  });
  #dirty = new Set<string>();
  #isMeasuring = false;
  #layoutOf: string | undefined;
  /** The layout's own bend points, until they are taken over. */
  #bends: Routes | undefined;
  #routed: { shapes?: unknown; graph?: unknown; positions: Positions } = { positions: {} };
  readonly #app: App;
  readonly #router = new RouteClient((routes) => {
    this.routes = routes;
  });
  readonly #observer = new ResizeObserver((entries) => {
    for (const entry of entries) this.measure((entry.target as HTMLElement).dataset["card"]!);
  });

  constructor(app: App) {
    this.#app = app;
    app.undo.own("layout", {
      read: () => this.#base,
      write: (positions) => {
        this.#base = positions as Positions;
        this.#settle();
        const hash = app.graph?.view.hash;
        if (hash !== undefined) cacheLayout(hash, { positions: this.#base, routes: {} });
      },
    });
    $effect(() => this.#takeGraph(app.graph));
    $effect(() => this.#layOutWhenMeasured(app.graph));
    $effect(() => this.#place());
    $effect(() => this.#route(app.graph));
  }

  get mounted(): FlowNode[] {
    return this.#mounted;
  }

  /** What the flow has changed. */
  set mounted(changed: FlowNode[]) {
    if (this.sight.shown === null) {
      this.nodes = changed;
      return;
    }
    const byId = new Map(changed.map(({ hidden: _, ...node }) => [node.id, node as FlowNode]));
    this.nodes = this.nodes.map((node) => byId.get(node.id) ?? node);
  }

  /** The view has moved, or the cards have. Tells whether a large graph is only looked over, from far away. */
  look(view: View, size: Size): boolean {
    const isFar = this.nodes.length > estimateFrom && view.zoom < farZoom;
    if (this.nodes.length <= cullFrom) this.sight.showAll();
    else if (this.isReady) this.sight.look(this.#boxes, view, size, isFar);
    return isFar;
  }

  cardAt({ x, y }: Point): string | undefined {
    for (const [id, box] of this.#boxes)
      if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) return id;
    return undefined;
  }

  idsInside(area: Box): string[] {
    return [...this.#boxes].filter(([, box]) => intersects(box, area)).map(([id]) => id);
  }

  close(): void {
    this.#router.close();
    this.#observer.disconnect();
  }

  /** Follows the size of a card and the height of its ports. */
  observe(id: string, element: HTMLElement): () => void {
    element.dataset["card"] = id;
    this.#elements.set(id, element);
    this.#observer.observe(element);
    return () => {
      this.#observer.unobserve(element);
      if (this.#elements.get(id) === element) this.#elements.delete(id);
    };
  }

  /** Measures a card in the next frame, with all others that asked. */
  measure(id: string): void {
    this.#dirty.add(id);
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    requestAnimationFrame(() => this.#measureDirty());
  }

  /** Lays everything out again and forgets where the user put cards. */
  async tidy(): Promise<void> {
    const { graph } = this.#app;
    if (graph === null) return;
    const before = this.#base;
    await this.#layOut(graph, true);
    const moved = Object.fromEntries(Object.keys(this.#app.positions).map((id) => [id, null]));
    this.#app.moveCards(moved, "tidy", [{ key: "layout", before, after: this.#base }]);
  }

  /** Lays some cards out among themselves, where they are. */
  async tidyOnly(ids: readonly string[]): Promise<void> {
    const { graph } = this.#app;
    const cards = ids.flatMap((id) => this.#shapes.get(id) ?? []);
    if (graph === null || cards.length < 2) return;
    const edges = edgesOf(graph).filter(({ from, to }) => ids.includes(from.card) && ids.includes(to.card));
    const { positions } = await layoutCards(cards, edges);
    const was = this.bounds(ids);
    const is = boundsOf(cards.map(({ id, width, height }) => ({ ...positions[id]!, width, height })));
    const moved = Object.fromEntries(
      cards.map(({ id }) => [
        id,
        {
          x: Math.round(positions[id]!.x + was.x - is.x),
          y: Math.round(positions[id]!.y + was.y - is.y),
        },
      ]),
    );
    this.#settle();
    this.#app.moveCards(moved, `tidy ${ids.length} cards`);
  }

  get boxesById(): ReadonlyMap<string, Box> {
    return this.#boxes;
  }

  /** Where the cards stand and how large they are, in the order of the graph. */
  boxes(): Box[] {
    return [...this.#boxes.values()];
  }

  /** What holds these cards, or all. */
  bounds(ids?: readonly string[]): Box {
    return boundsOf(
      ids === undefined ? this.#boxes.values() : ids.flatMap((id) => this.#boxes.get(id) ?? []),
    );
  }

  boxesOf(ids: readonly string[]): ReadonlyMap<string, Box> {
    return new Map(ids.flatMap((id) => (this.#boxes.has(id) ? [[id, this.#boxes.get(id)!]] : [])));
  }

  /** The user let go of cards. */
  dropped(ids: readonly string[]): void {
    const moved: Record<string, { x: number; y: number }> = {};
    for (const node of this.nodes)
      if (ids.includes(node.id))
        moved[node.id] = { x: Math.round(node.position.x), y: Math.round(node.position.y) };
    if (Object.keys(moved).length > 0) this.#app.moveCards(moved);
  }

  /** Moves cards by a little, without keeping it yet. */
  nudge(ids: readonly string[], by: { readonly x: number; readonly y: number }): void {
    this.nodes = this.nodes.map((node) =>
      ids.includes(node.id)
        ? { ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } }
        : node,
    );
  }

  select(ids: readonly string[]): void {
    const chosen = new Set(ids);
    const isRight = (node: FlowNode) => (node.selected ?? false) === chosen.has(node.id);
    if (this.nodes.every(isRight)) return;
    this.nodes = this.nodes.map((node) =>
      isRight(node) ? node : { ...node, selected: chosen.has(node.id) },
    );
  }

  #measureDirty(): void {
    this.#isMeasuring = false;
    const shapes = new Map(this.#shapes);
    let isChanged = false;
    for (const id of this.#dirty) {
      const element = this.#elements.get(id);
      if (element === undefined) continue;
      const shape = measureCard(id, element);
      if (JSON.stringify(shape) === JSON.stringify(shapes.get(id))) continue;
      shapes.set(id, shape);
      isChanged = true;
    }
    this.#dirty.clear();
    if (isChanged) this.#shapes = shapes;
  }

  #takeGraph(graph: GraphIndex | null): void {
    if (graph === null) return;
    untrack(() => {
      const before = new Map(this.nodes.map((node) => [node.id, node]));
      const isLarge = graph.ordered.length > estimateFrom;
      if (isLarge) this.sight.shown ??= new Set();
      const shapes = new Map([...this.#shapes].filter(([id]) => graph.cards.has(id)));
      const measured = shapes.size;
      if (isLarge)
        for (const card of graph.ordered) if (!shapes.has(card.id)) shapes.set(card.id, estimateShape(card));
      if (measured !== this.#shapes.size || shapes.size !== measured) this.#shapes = shapes;
      // In the order of the graph: so the keyboard walks it, too.
      this.nodes = graph.ordered.map(
        (card) =>
          ({
            position: { x: 0, y: 0 },
            ...before.get(card.id),
            id: card.id,
            type: "card" as const,
            data: {},
            // The flow has no ports of its own: without this it would look for them in each card.
            handles: [],
            ...(before.has(card.id) ? {} : { class: "is-unplaced" }),
            // Of a size that is known a card is drawn at once, and can take the focus.
            ...(isLarge ? { measured: sizeOf(before.get(card.id)?.measured ?? shapes.get(card.id)!) } : {}),
            ariaLabel: card.name,
            domAttributes: { "data-node": card.id, "aria-roledescription": undefined },
          }) as FlowNode,
      );
    });
  }

  #layOutWhenMeasured(graph: GraphIndex | null): void {
    const shapes = this.#shapes;
    if (graph === null || graph.view.hash === this.#layoutOf) return;
    if (graph.view.cards.length === 0 || !graph.view.cards.every((card) => shapes.has(card.id))) return;
    untrack(() => void this.#layOut(graph, false));
  }

  async #layOut(graph: GraphIndex, isAnew: boolean): Promise<void> {
    const { hash } = graph.view;
    this.#layoutOf = hash;
    this.isWorking = true;
    const known = isAnew ? undefined : cachedLayout(hash);
    if (known !== undefined && graph.view.cards.every((card) => known.positions[card.id] !== undefined)) {
      this.#bends = known.routes;
      this.#base = known.positions;
      this.isWorking = false;
      return this.#show(false);
    }
    const cards = graph.ordered.map((card) => ({
      ...this.#shapes.get(card.id)!,
      height: this.#roomFor(card.id),
    }));
    const edges = edgesOf(graph);
    const wait = setTimeout(() => {
      if (this.isReady) return;
      this.#base = layoutInColumns(cards, edges);
      this.#show(false);
    }, 120);
    const layout = await layoutCards(cards, edges);
    clearTimeout(wait);
    if (this.#app.graph?.view.hash !== hash) return;
    cacheLayout(hash, layout);
    this.#bends = layout.routes;
    this.#base = layout.positions;
    this.isWorking = false;
    this.#show(this.isReady);
  }

  /** A card keeps its place while it runs: what will appear in it gets its room at once. */
  #roomFor(id: string): number {
    const { height } = this.#shapes.get(id)!;
    const card = this.#app.graph?.cards.get(id);
    const element = this.#elements.get(id);
    if (card?.type !== "step") return height;
    if (element === undefined) return height + estimatedGrowth;
    const has = (part: string) => element.querySelector(part) !== null;
    return (
      height +
      growth(element) +
      (has(".strip") ? 0 : 28) +
      (has(".foot") ? 0 : 32) +
      (card.scattered && !has(".items") ? 150 : 0)
    );
  }

  #show(isAnimated: boolean): void {
    this.isReady = true;
    this.laidOut++;
    if (isAnimated) this.#settle();
    else this.isSettling = false;
  }

  /** Cards glide to where they go. */
  #settle(): void {
    this.isSettling = true;
    setTimeout(() => (this.isSettling = false), settleMs);
  }

  #place(): void {
    const { positions } = this.#app;
    const base = this.#base;
    const shapes = this.#shapes;
    if (this.isDragging) return;
    const wanted = pushDown({ ...base, ...positions }, shapes, (id) => positions[id] !== undefined);
    untrack(() => {
      let isMoved = false;
      const nodes = this.nodes.map((node) => {
        const to = wanted[node.id];
        if (to === undefined) return node;
        const isPlaced = node.class === undefined;
        if (isPlaced && to.x === node.position.x && to.y === node.position.y) return node;
        isMoved = true;
        const { class: _, ...placed } = node;
        return { ...placed, position: { x: to.x, y: to.y } };
      });
      if (isMoved) this.nodes = nodes;
    });
  }

  #route(graph: GraphIndex | null): void {
    const shapes = this.#shapes;
    const nodes = this.nodes;
    if (graph === null || !this.isReady) return;
    const positions = Object.fromEntries(
      nodes.map((node) => [node.id, { x: node.position.x, y: node.position.y }]),
    );
    untrack(() => {
      const bends = this.#bends;
      this.#bends = undefined;
      // The flow notes sizes in its nodes, too: where nothing moved, the routes stay.
      if (
        bends === undefined &&
        shapes === this.#routed.shapes &&
        graph === this.#routed.graph &&
        nodes.every(
          ({ id, position: { x, y } }) =>
            x === this.#routed.positions[id]?.x && y === this.#routed.positions[id]?.y,
        )
      )
        return;
      this.#routed = { shapes, graph, positions };
      this.#router.route({ cards: [...shapes.values()], positions, edges: edgesOf(graph) }, bends);
    });
  }
}

const sizeOf = ({ width, height }: Partial<Size>) => ({ width, height });

/** How much taller the fields that are still empty usually get. */
const expectedGrowth: Readonly<Record<string, number>> = {
  markdown: 130,
  html: 146,
  json: 100,
  code: 90,
  itemlist: 180,
  chatbot: 150,
  gallery: 110,
  dataframe: 100,
  label: 80,
  highlightedtext: 60,
  textbox: 40,
};

/** Of a card that was not drawn yet: the strip, the foot and some lines of text. */
const estimatedGrowth = 28 + 32 + 40;

function growth(card: HTMLElement): number {
  let sum = 0;
  for (const empty of card.querySelectorAll<HTMLElement>(".f-empty, .f-text.is-empty")) {
    const kind = /f-kind-(\w+)/.exec(empty.closest(".field-slot")?.className ?? "")?.[1];
    sum += expectedGrowth[kind ?? ""] ?? 0;
  }
  return sum;
}

function edgesOf(graph: GraphIndex): LayoutEdge[] {
  return graph.view.edges.map(({ id, from, to }) => ({
    id,
    from: { card: from.card, port: from.port },
    to: { card: to.card, port: to.port },
  }));
}

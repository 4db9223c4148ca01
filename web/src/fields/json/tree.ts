import "./tree.css";
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { el, emptyNote, maxHeight, uniqueId } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { writeText } from "../write-text.ts";
import {
  branchesOf,
  entriesOf,
  find,
  idOf,
  isBranch,
  linesOf,
  type Path,
  pathText,
  type TreeLine,
  valueText,
} from "./tree-model.ts";

const lineHeightPx = 20;
const openDepth = 2;
/** A tree of fewer entries is read at a glance: nothing to search in it. */
const toolsFrom = 12;

/** A tree that folds. Only the lines in sight are there, so that thousands of keys stay quick. */
export const mountTree: MountField = (element, options) => {
  let current = options;
  let takeDown = () => {};
  const draw = () => {
    takeDown();
    takeDown = () => {};
    const { value, large } = current;
    if (value === undefined || (value === null && !large)) return element.replaceChildren(emptyNote());
    takeDown = tree(element, current);
  };
  draw();
  return {
    update(next) {
      const isSame = next.value === current.value && next.large === current.large;
      current = next;
      if (!isSame) draw();
    },
    destroy() {
      takeDown();
      element.replaceChildren();
    },
  };
};

function tree(element: HTMLElement, { value, label, large, props }: FieldOptions): () => void {
  const opened = new Map<string, boolean>();
  const opensAll = props["open"] === true;
  // What is long at its top is a list to choose from.
  const depthOpen = isBranch(value) && entriesOf(value).length > 40 ? 1 : large ? 4 : openDepth;
  const isOpen = (id: string, depth: number) => opened.get(id) ?? (opensAll || depth < depthOpen);
  let lines: TreeLine[] = [];
  let active = 0;
  let hits: Path[] = [];
  let hit = 0;

  const name = uniqueId("json");
  const holder = el("div", { class: "j-lines", role: "presentation" });
  const box = el(
    "div",
    { class: large ? "f-json is-large" : "f-json", role: "tree", "aria-label": label, tabindex: 0 },
    holder,
  );
  if (!large) box.style.maxHeight = maxHeight(props, 220);

  const virtual = new Virtualizer<HTMLElement, HTMLElement>({
    count: 0,
    getScrollElement: () => box,
    estimateSize: () => lineHeightPx,
    overscan: 12,
    initialRect: { width: 300, height: large ? 800 : 220 },
    getItemKey: (index) => lines[index]?.id ?? index,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => paint(),
  });

  const paint = () => {
    const items = virtual.getVirtualItems();
    holder.style.height = `${virtual.getTotalSize()}px`;
    const first = items[0]?.start ?? 0;
    const rows = items.map(({ index }) => rowOf(lines[index]!, index));
    const list = el("div", { class: "j-sight", role: "presentation" }, ...rows);
    list.style.transform = `translateY(${first}px)`;
    holder.replaceChildren(list);
    for (const row of rows) virtual.measureElement(row);
    const isShown = items.some(({ index }) => index === active);
    if (isShown && document.activeElement === box)
      box.setAttribute("aria-activedescendant", `${name}-${active}`);
    else box.removeAttribute("aria-activedescendant");
  };

  const rowOf = (line: TreeLine, index: number): HTMLElement => {
    const { key, value, depth, size, place, siblings } = line;
    const isHit = hits[hit] !== undefined && idOf(hits[hit]!) === line.id;
    const row = el("div", {
      class: "j-line",
      role: "treeitem",
      id: `${name}-${index}`,
      "data-index": index,
      "aria-level": depth + 1,
      "aria-posinset": place,
      "aria-setsize": siblings,
    });
    if (size !== null && size > 0) row.setAttribute("aria-expanded", String(line.isOpen));
    if (index === active) row.setAttribute("aria-selected", "true");
    row.classList.toggle("is-hit", isHit);
    row.style.paddingLeft = `${depth * 12}px`;
    const mark = el(
      "span",
      { class: "j-mark", "aria-hidden": "true" },
      size ? (line.isOpen ? "▾" : "▸") : "",
    );
    row.append(mark);
    if (key !== null) row.append(el("span", { class: "j-key" }, `${key}`), ": ");
    const kind = size !== null ? "size" : value === null ? "null" : typeof value;
    row.append(el("span", { class: `j-value j-${kind}` }, valueText(value, size)));
    return row;
  };

  const count = (next: TreeLine[]) => {
    // The line that was chosen stays it, wherever it is now; one that was folded away leaves its place to the first.
    const id = lines[active]?.id;
    lines = next;
    active = Math.max(
      0,
      lines.findIndex((line) => line.id === id),
    );
    virtual.setOptions({ ...virtual.options, count: lines.length });
    virtual._willUpdate();
    paint();
  };
  const refold = () => count(linesOf(value, isOpen));
  const go = (index: number) => {
    active = Math.max(0, Math.min(lines.length - 1, index));
    virtual.scrollToIndex(active);
    paint();
    tellPlace();
  };
  const fold = (line: TreeLine, open: boolean) => {
    if (line.size === null || line.size === 0) return;
    opened.set(line.id, open);
    refold();
  };
  const show = (path: Path) => {
    for (let depth = 0; depth < path.length; depth++) opened.set(idOf(path.slice(0, depth)), true);
    refold();
    go(lines.findIndex(({ id }) => id === idOf(path)));
  };

  box.addEventListener("click", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-index]");
    const line = lines[Number(row?.dataset["index"])];
    if (line === undefined || getSelection()?.isCollapsed === false) return;
    active = Number(row!.dataset["index"]);
    fold(line, !line.isOpen);
    paint();
    tellPlace();
  });
  box.addEventListener("focus", () => paint());
  box.addEventListener("keydown", (event) => {
    const line = lines[active];
    if (line === undefined) return;
    const parent = () => lines.findLastIndex((other, at) => at < active && other.depth < line.depth);
    const isCopy = event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey);
    if (isCopy && getSelection()?.isCollapsed !== false) void copy(event.shiftKey ? "path" : "value");
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f" && tools !== null)
      search.focus();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(lines.length - 1);
    else if (event.key === "ArrowRight") line.isOpen ? go(active + 1) : fold(line, true);
    else if (event.key === "ArrowLeft") line.isOpen ? fold(line, false) : go(parent());
    else if (event.key === "Enter" || event.key === " ") fold(line, !line.isOpen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const search = el("input", {
    type: "search",
    class: "j-search",
    placeholder: "Search",
    "aria-label": `Search in ${label}`,
  });
  const found = el("span", { class: "j-found", role: "status" });
  const copied = el("span", { class: "j-found", role: "status" });
  const path = el("span", { class: "j-path" });
  const tellPlace = () => {
    copied.textContent = "";
    path.textContent = pathText(lines[active]?.path ?? []) || "the whole value";
    place.hidden = false;
  };
  const copy = async (what: "path" | "value") => {
    const line = lines[active];
    if (line === undefined) return;
    const text =
      what === "path"
        ? pathText(line.path)
        : typeof line.value === "string"
          ? line.value
          : JSON.stringify(line.value, null, 2);
    copied.textContent = await writeText(text).then(
      () => "Copied",
      () => "The browser did not allow copying",
    );
  };
  const step = (by: number) => {
    if (hits.length === 0) return;
    hit = (hit + by + hits.length) % hits.length;
    show(hits[hit]!);
    found.textContent = `${hit + 1} of ${hits.length}`;
  };
  search.addEventListener("input", () => {
    hits = find(value, search.value.trim());
    hit = 0;
    if (hits.length > 0) step(0);
    else {
      found.textContent = search.value.trim() === "" ? "" : "Not found";
      paint();
    }
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && search.value !== "") {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const button = (text: string, press: () => void) => {
    const made = el(
      "button",
      { type: "button", class: "f-replace", "aria-label": `${text}: ${label}` },
      text,
    );
    made.addEventListener("click", press);
    return made;
  };
  const foldAll = (open: boolean) => {
    for (const id of branchesOf(value)) opened.set(id, open || id === "[]");
    refold();
  };
  const isLarge =
    large || (isBranch(value) && branchesOf(value).length + linesOf(value, () => true).length > toolsFrom);
  const tools = isLarge
    ? el(
        "div",
        { class: "j-tools" },
        search,
        found,
        button("Expand all", () => foldAll(true)),
        button("Fold", () => foldAll(false)),
      )
    : null;
  const place = el(
    "div",
    { class: "j-place", hidden: true },
    path,
    button("Copy path", () => void copy("path")),
    button("Copy value", () => void copy("value")),
    copied,
  );
  element.replaceChildren(...(tools === null ? [] : [tools]), box, place);
  const stop = virtual._didMount();
  refold();
  return () => stop();
}

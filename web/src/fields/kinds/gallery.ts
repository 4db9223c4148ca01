import "./gallery.css";
import { el, emptyNote, maxHeight, numeric, textual } from "../dom.ts";
import type { FieldOptions, MountField } from "../field.ts";
import { type Entry, entriesOf, nameOf, tileOf } from "../pictures/entries.ts";
import { moveByKeys } from "../pictures/grid-keys.ts";
import { lightbox } from "../pictures/lightbox.ts";
import { takePictures } from "../pictures/taking.ts";
import { tool } from "../pictures/tool.ts";

/** A grid of pictures; an input adds, captions, moves and removes them. */
export const mount: MountField = (element, options) =>
  options.large && options.readonly ? lightbox(element, options) : inCard(element, options);

const inCard: MountField = (element, options) => {
  let current = options;
  let entries = entriesOf(options.value);
  const place = el("div", { class: "f-place" });
  const tools = el("div", { class: "f-picture-tools" });
  element.append(place, tools);

  /** The value and what is shown of it, where the grid itself is as it should be. */
  const keep = (next: readonly Entry[]) => {
    entries = next;
    current.onchange(next.length === 0 ? null : next);
  };
  const change = (next: readonly Entry[], focusAt?: number) => {
    keep(next);
    draw();
    const tiles = place.querySelectorAll<HTMLElement>(".f-tile-open");
    if (focusAt !== undefined)
      (tiles[Math.min(focusAt, tiles.length - 1)] ?? tools.querySelector<HTMLElement>("button"))?.focus();
  };
  const taking = options.readonly
    ? undefined
    : takePictures(element, {
        current: () => current,
        place,
        noun: "images",
        isMultiple: true,
        async onpictures(files) {
          for (const file of files) change([...entries, { image: await current.upload(file) }]);
        },
      });
  const move = (from: number, to: number) => {
    if (to < 0 || to >= entries.length || from === to) return;
    change(entries.toSpliced(from, 1).toSpliced(to, 0, entries[from]!), to);
  };
  const remove = (index: number) => change(entries.toSpliced(index, 1), index);
  const recaption = (index: number, text: string) => {
    const { caption: _, ...entry } = entries[index]!;
    keep(entries.with(index, text === "" ? entry : { ...entry, caption: text }));
  };

  function draw(): void {
    const hadTools = tools.contains(document.activeElement);
    if (entries.length === 0) {
      const isEmpty = Array.isArray(current.value) && current.readonly;
      place.replaceChildren(...(current.readonly ? [emptyNote(isEmpty ? "No pictures" : undefined)] : []));
    } else place.replaceChildren(grid(entries, current, editing));
    if (taking === undefined) return;
    tools.replaceChildren(...taking.tools(entries.length > 0));
    if (hadTools) tools.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }
  const editing: Editing | undefined = options.readonly ? undefined : { move, remove, recaption };
  draw();
  return {
    update(next) {
      current = next;
      const told = entriesOf(next.value);
      if (JSON.stringify(told) === JSON.stringify(entries)) return;
      entries = told;
      draw();
    },
    destroy() {
      taking?.destroy();
      element.replaceChildren();
    },
  };
};

interface Editing {
  move(from: number, to: number): void;
  remove(index: number): void;
  recaption(index: number, text: string): void;
}

function grid(entries: readonly Entry[], options: FieldOptions, editing: Editing | undefined): HTMLElement {
  const { props, label, look } = options;
  const list = el("div", { class: "f-gallery", role: "list", "aria-label": label });
  list.style.setProperty("--columns", String(Math.max(1, numeric(props["columns"]) ?? 3)));
  const fit = textual(props["objectFit"]);
  if (fit !== undefined) list.style.setProperty("--fit", fit);
  const rows = numeric(props["rows"]);
  list.style.maxHeight = maxHeight(props, rows === undefined ? 220 : Math.min(600, rows * 110));
  for (const [index, entry] of entries.entries()) {
    const open = el(
      "button",
      {
        type: "button",
        class: "f-tile-open",
        tabindex: index === 0 ? 0 : -1,
        "aria-label": nameOf(entry, index),
      },
      tileOf(entry, 320),
    );
    open.addEventListener("click", () => look?.(index));
    const tile = el("div", { role: "listitem", class: "f-tile" }, open);
    if (editing !== undefined) editable(tile, open, entry, index, editing);
    else if (entry.caption !== undefined)
      tile.append(el("div", { class: "f-tile-words", title: entry.caption }, entry.caption));
    list.append(tile);
  }
  moveByKeys(list, ".f-tile-open");
  return list;
}

const DRAGGED = "application/x-daggr-picture";

function editable(tile: HTMLElement, open: HTMLElement, entry: Entry, index: number, editing: Editing): void {
  const { move, remove, recaption } = editing;
  const name = `picture ${index + 1}`;
  const caption = el("input", {
    class: "f-tile-caption",
    value: entry.caption ?? "",
    placeholder: "Caption",
    "aria-label": `Caption of ${name}`,
  });
  caption.addEventListener("input", () => recaption(index, caption.value));
  tile.append(
    caption,
    el(
      "div",
      { class: "f-tile-tools" },
      tool("left", `Move ${name} forward`, () => move(index, index - 1), "Alt+ArrowLeft"),
      tool("right", `Move ${name} back`, () => move(index, index + 1), "Alt+ArrowRight"),
      tool("close", `Remove ${name}`, () => remove(index), "Delete"),
    ),
  );
  open.addEventListener("keydown", (event) => {
    if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else if (event.altKey && event.key === "ArrowLeft") move(index, index - 1);
    else if (event.altKey && event.key === "ArrowRight") move(index, index + 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  open.draggable = true;
  open.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData(DRAGGED, String(index));
    tile.classList.add("is-dragged");
  });
  open.addEventListener("dragend", () => tile.classList.remove("is-dragged"));
  const isPicture = (event: DragEvent) => event.dataTransfer?.types.includes(DRAGGED) === true;
  tile.addEventListener("dragover", (event) => {
    if (!isPicture(event)) return;
    event.preventDefault();
    event.stopPropagation();
    tile.classList.add("is-target");
  });
  tile.addEventListener("dragleave", () => tile.classList.remove("is-target"));
  tile.addEventListener("drop", (event) => {
    if (!isPicture(event)) return;
    event.preventDefault();
    event.stopPropagation();
    tile.classList.remove("is-target");
    move(Number(event.dataTransfer?.getData(DRAGGED)), index);
  });
}

import type { App } from "../state/app.svelte.ts";

const isZip = (item: DataTransferItem): boolean => item.kind === "file" && /zip/.test(item.type);

/** A sheet's file that is dropped anywhere on the page is imported; what a field takes is the field's. */
export function watchDrops(app: App): () => void {
  const over = (event: DragEvent): void => {
    const items = [...(event.dataTransfer?.items ?? [])];
    if (event.defaultPrevented || app.graph?.view.persisted === false || !items.some(isZip)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "copy";
    document.body.classList.add("takes-sheet");
  };
  const leave = (event: DragEvent): void => {
    // Only what leaves the window.
    if (event.relatedTarget === null) document.body.classList.remove("takes-sheet");
  };
  const drop = (event: DragEvent): void => {
    document.body.classList.remove("takes-sheet");
    const file = [...(event.dataTransfer?.files ?? [])].find(({ name }) => /\.zip$/i.test(name));
    if (event.defaultPrevented || app.graph?.view.persisted === false || file === undefined) return;
    event.preventDefault();
    void import("./sheet-work.ts").then(({ importFile }) => importFile(app, file));
  };
  window.addEventListener("dragover", over);
  window.addEventListener("dragleave", leave);
  window.addEventListener("drop", drop);
  return () => {
    window.removeEventListener("dragover", over);
    window.removeEventListener("dragleave", leave);
    window.removeEventListener("drop", drop);
  };
}

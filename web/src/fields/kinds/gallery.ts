import "./gallery.css";
import { type FileRef, thumbnailUrl } from "../../../../src/protocol/values.ts";
import { el, emptyNote, numeric } from "../dom.ts";
import { display } from "../field.ts";

interface Picture {
  readonly image: FileRef;
  readonly caption?: string;
}

export const mount = display((element, { value, props, large, label }) => {
  const pictures = (value ?? []) as readonly Picture[];
  if (pictures.length === 0)
    return element.append(emptyNote(value === undefined || value === null ? undefined : "No pictures"));
  const grid = el("div", {
    class: large ? "f-gallery is-large" : "f-gallery",
    role: "list",
    "aria-label": label,
    tabindex: 0,
  });
  grid.style.setProperty("--columns", String(numeric(props["columns"]) ?? (large ? 4 : 3)));
  for (const { image, caption } of pictures) {
    const figure = el(
      "figure",
      {},
      el("img", {
        src: thumbnailUrl(image, large ? 640 : 320),
        alt: caption ?? image.name,
        loading: "lazy",
        draggable: "false",
      }),
    );
    if (caption !== undefined) figure.append(el("figcaption", {}, caption));
    grid.append(el("div", { role: "listitem" }, figure));
  }
  element.append(grid);
});

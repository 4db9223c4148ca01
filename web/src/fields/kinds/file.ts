import { type FileRef, isFileRef } from "../../../../src/protocol/values.ts";
import { el, emptyNote } from "../dom.ts";
import type { MountField } from "../field.ts";
import { acceptFiles, dropPlace, fileLine } from "../files.ts";

/** One file or a list of them. */
export const mount: MountField = (element, options) => {
  let current = options;
  const isMultiple = ["multiple", "directory"].includes(String(options.props["fileCount"]));
  const types = Array.isArray(options.props["fileTypes"]) ? options.props["fileTypes"].map(String) : [];
  const accept = types
    .map((type) => (type.startsWith(".") || type.includes("/") ? type : `${type}/*`))
    .join(",");

  const listed = (): FileRef[] => {
    const { value } = current;
    return (Array.isArray(value) ? value : [value]).filter(isFileRef);
  };
  const set = (files: FileRef[]) => current.onchange(isMultiple ? files : (files.at(-1) ?? null));
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      set([...listed(), await current.upload(file)]);
    } catch (error) {
      element.append(el("p", { class: "f-error", role: "alert" }, (error as Error).message));
    }
  };
  const draw = () => {
    const files = listed();
    element.replaceChildren();
    for (const file of files) {
      const row = el("div", { class: "f-file-row" }, fileLine(file));
      if (!current.readonly) {
        const remove = el(
          "button",
          { type: "button", class: "f-replace", "aria-label": `Remove ${file.name}` },
          "Remove",
        );
        remove.addEventListener("click", () => set(listed().filter((other) => other !== file)));
        row.append(remove);
      }
      element.append(row);
    }
    if (current.readonly && files.length === 0) element.append(emptyNote());
    if (!current.readonly && (isMultiple || files.length === 0)) {
      element.append(dropPlace({ accept, noun: "a file" }, current.label, false, choose, () => {}));
    }
  };
  const stop = options.readonly ? () => {} : acceptFiles(element, choose);
  draw();
  return {
    update(next) {
      const isSame = JSON.stringify(next.value) === JSON.stringify(current.value);
      current = next;
      if (!isSame) draw();
    },
    destroy() {
      stop();
      element.replaceChildren();
    },
  };
};

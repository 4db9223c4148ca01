import { type FileRef, fileUrl, isFileRef } from "../../../../src/protocol/values.ts";
import { bytes } from "../../cards/time.ts";
import { el, emptyNote } from "../dom.ts";
import type { MountField } from "../field.ts";
import { acceptMany } from "../media/drop.ts";
import { acceptAttribute, acceptedTypes, mismatch } from "../media/file-kinds.ts";
import { icon } from "../media/icons.ts";
import { uploadShown } from "../media/upload-line.ts";
import { canLookInto, lookInto } from "./file/look-into.ts";
import "./file.css";

const atOnce = 3;

/** One file, several, or all of a folder: with what is in them where a browser can show it. */
export const mount: MountField = (element, options) => {
  let current = options;
  const isFolder = options.props["fileCount"] === "directory";
  const isMany = isFolder || options.props["fileCount"] === "multiple";
  const types = acceptedTypes(options.props["fileTypes"]);
  const list = el("div", { class: "f-files", role: "list", "aria-label": options.label });
  const work = el("div");
  const tools = el("div", { class: "f-files-tools" });
  const alert = el("p", { class: "f-error", role: "alert" });
  const input = el("input", {
    type: "file",
    accept: acceptAttribute(types),
    multiple: isMany,
    webkitdirectory: isFolder,
    class: "f-file-input",
    tabindex: -1,
    "aria-label": `${options.label}, file`,
  });
  element.append(list, work, tools, alert);

  const listed = (): FileRef[] =>
    (Array.isArray(current.value) ? current.value : [current.value]).filter(isFileRef);
  const set = (files: readonly FileRef[]) => current.onchange(isMany ? files : (files.at(-1) ?? null));

  const take = async (files: readonly File[]) => {
    const wanted = isMany ? files : files.slice(0, 1);
    const refused = wanted.flatMap((file) => mismatch(file, types) ?? []);
    const problems =
      refused.length > 2
        ? [...refused.slice(0, 1), `${refused.length - 1} more are not taken either.`]
        : refused;
    alert.textContent = problems.join(" ");
    const good = wanted.filter((file) => mismatch(file, types) === null);
    const results: (FileRef | null)[] = good.map(() => null);
    const queue = good.map((file, at) => ({ file, at }));
    const next = async (): Promise<void> => {
      const job = queue.shift();
      if (job === undefined) return;
      try {
        results[job.at] = await uploadShown(work, job.file, current.upload);
      } catch (error) {
        alert.textContent = `${alert.textContent} ${job.file.name}: ${(error as Error).message}`.trim();
      }
      return next();
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    const kept = results.filter((file) => file !== null);
    if (kept.length > 0) set([...(isMany ? listed() : []), ...kept]);
  };

  const button = (name: keyof typeof labels, file: FileRef, act: () => void) => {
    const made = el(
      "button",
      {
        type: "button",
        class: "f-file-tool",
        "aria-label": `${labels[name]} ${file.name}`,
        title: labels[name],
      },
      icon(name),
    );
    made.addEventListener("click", act);
    return made;
  };
  const move = (from: number, to: number) => {
    const files = listed();
    const [file] = files.splice(from, 1);
    files.splice(to, 0, file!);
    set(files);
  };
  const row = (file: FileRef, at: number, all: readonly FileRef[]) => {
    const line = el(
      "a",
      { class: "f-file", href: fileUrl(file), download: file.name, title: `Download ${file.name}` },
      el("span", { class: "f-file-name" }, file.name),
      el("span", { class: "f-file-size" }, bytes(file.size)),
    );
    const box = el("div", { class: "f-files-row", role: "listitem" }, line);
    if (canLookInto(file)) box.append(button("expand", file, () => void lookInto(file)));
    if (current.readonly) return box;
    if (all.length > 1) {
      const up = button("up", file, () => move(at, at - 1));
      const down = button("down", file, () => move(at, at + 1));
      up.disabled = at === 0;
      down.disabled = at === all.length - 1;
      box.append(up, down);
    }
    box.append(button("close", file, () => set(listed().filter((_, index) => index !== at))));
    return box;
  };

  const draw = () => {
    const files = listed();
    const focused = document.activeElement?.getAttribute("aria-label");
    const hadFocus = element.contains(document.activeElement);
    list.hidden = files.length === 0;
    list.classList.toggle("is-large", current.large);
    list.replaceChildren(...files.map(row));
    tools.replaceChildren();
    if (current.readonly) {
      if (files.length === 0) tools.append(emptyNote(Array.isArray(current.value) ? "No files" : undefined));
    } else drawTools(files);
    if (!hadFocus || element.contains(document.activeElement)) return;
    const same = [...element.querySelectorAll<HTMLButtonElement>("button")];
    (
      same.find((each) => each.getAttribute("aria-label") === focused && !each.disabled) ??
      same.find((each) => !each.disabled)
    )?.focus({ preventScroll: true });
  };
  const drawTools = (files: readonly FileRef[]) => {
    const { label } = current;
    const hasSome = files.length > 0;
    const noun = isFolder ? "a folder" : isMany ? "files" : "a file";
    const words = hasSome ? (isMany ? "Add" : "Replace") : `Drop ${noun} here, paste, or choose`;
    const choose = el(
      "button",
      {
        type: "button",
        class: hasSome ? "f-replace" : "f-drop",
        "aria-label": hasSome ? `${isMany ? "Add to" : "Replace"} ${label}` : `${words}: ${label}`,
      },
      words,
    );
    choose.addEventListener("click", () => input.click());
    tools.append(choose, input);
    if (files.length > 1) {
      const total = files.reduce((sum, file) => sum + file.size, 0);
      const clear = el(
        "button",
        { type: "button", class: "f-replace", "aria-label": `Remove all of ${label}` },
        "Remove all",
      );
      clear.addEventListener("click", () => set([]));
      tools.append(clear, el("span", { class: "f-files-total" }, `${files.length} files, ${bytes(total)}`));
    }
  };

  input.addEventListener("change", () => {
    void take([...(input.files ?? [])]);
    input.value = "";
  });
  if (!options.readonly) acceptMany(element, (files) => void take(files));
  draw();
  return {
    update(next) {
      const isSame =
        JSON.stringify(next.value) === JSON.stringify(current.value) && next.large === current.large;
      current = next;
      if (!isSame) draw();
    },
    destroy: () => element.replaceChildren(),
  };
};

const labels = { expand: "Look into", up: "Move up", down: "Move down", close: "Remove" } as const;

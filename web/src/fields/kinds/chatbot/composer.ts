import type { FileRef } from "../../../../../src/protocol/values.ts";
import { el, isRecord } from "../../dom.ts";
import type { FieldOptions } from "../../field.ts";
import { acceptFiles } from "../../files.ts";
import { uploadShown } from "../../media/upload-line.ts";

interface ComposerOptions {
  readonly options: () => FieldOptions;
  add(message: unknown): void;
}

/** Where a conversation is written: a text, as one of the two, with files that are dropped or pasted. */
export function composer({ options, add }: ComposerOptions): {
  readonly element: HTMLElement;
  update(): void;
} {
  const { label } = options();
  const area = el("textarea", {
    class: "f-input f-chat-write",
    rows: 1,
    placeholder: "Write a message",
    "aria-label": `New message of ${label}`,
  });
  const role = el(
    "select",
    { class: "f-chat-as", "aria-label": `Who says the new message of ${label}` },
    el("option", { value: "user" }, "user"),
    el("option", { value: "assistant" }, "assistant"),
    el("option", { value: "system" }, "system"),
  );
  const send = el(
    "button",
    { type: "button", class: "button small", "aria-label": `Add message to ${label}` },
    "Add",
  );
  const attach = el(
    "button",
    { type: "button", class: "f-quiet", "aria-label": `Attach a file to the new message of ${label}` },
    "Attach",
  );
  const input = el("input", {
    type: "file",
    multiple: true,
    class: "f-file-input",
    tabindex: -1,
    "aria-label": `${label}, file of the new message`,
  });
  const alert = el("p", { class: "f-error", role: "alert" });
  const list = el("div", { class: "f-chat-files" });
  const examples = el("div", {
    class: "f-chat-options",
    role: "group",
    "aria-label": `Examples for ${label}`,
  });
  const element = el(
    "div",
    { class: "f-chat-composer" },
    examples,
    list,
    area,
    el("div", { class: "f-chat-line" }, role, attach, input, send),
    alert,
  );
  let files: FileRef[] = [];

  const drawFiles = () => {
    list.replaceChildren(
      ...files.map((file) => {
        const remove = el(
          "button",
          { type: "button", class: "f-quiet", "aria-label": `Remove ${file.name}` },
          "Remove",
        );
        remove.addEventListener("click", () => {
          files = files.filter((other) => other !== file);
          drawFiles();
        });
        return el(
          "div",
          { class: "f-chat-file" },
          el("span", { class: "f-file-name", title: file.name }, file.name),
          remove,
        );
      }),
    );
  };
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    alert.textContent = "";
    try {
      const ref = await uploadShown(list, file, options().upload);
      if (ref !== null) files.push(ref);
      drawFiles();
    } catch (error) {
      alert.textContent = (error as Error).message;
    }
  };
  const say = () => {
    const content = area.value.trim();
    if (content === "" && files.length === 0) return area.focus();
    add({ role: role.value, content, ...(files.length > 0 ? { files } : {}) });
    // Whoever writes a conversation down writes the two in turn.
    if (role.value !== "system") role.value = role.value === "user" ? "assistant" : "user";
    area.value = "";
    files = [];
    drawFiles();
    area.focus({ preventScroll: true });
  };
  send.addEventListener("click", say);
  attach.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    for (const file of input.files ?? []) void take(file);
    input.value = "";
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault();
    event.stopPropagation();
    say();
  });
  acceptFiles(element, (file) => void take(file));

  const update = () => {
    const { value, props } = options();
    const isEmpty = !Array.isArray(value) || value.length === 0;
    examples.replaceChildren(
      ...(isEmpty ? examplesOf(props) : []).map(({ shown, text }) => {
        const button = el("button", { type: "button", class: "f-chat-option" }, shown);
        button.addEventListener("click", () => add({ role: "user", content: text }));
        return button;
      }),
    );
    examples.hidden = examples.childElementCount === 0;
  };
  update();
  return { element, update };
}

/** Gradio's examples: a text, or `{ text, displayText }`. */
function examplesOf(props: Readonly<Record<string, unknown>>): { shown: string; text: string }[] {
  if (!Array.isArray(props["examples"])) return [];
  return props["examples"].flatMap((example: unknown) => {
    if (typeof example === "string") return [{ shown: example, text: example }];
    if (!isRecord(example) || typeof example["text"] !== "string") return [];
    const shown = example["displayText"] ?? example["display_text"];
    return [{ shown: typeof shown === "string" ? shown : example["text"], text: example["text"] }];
  });
}

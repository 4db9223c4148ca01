import { fileUrl } from "../../../../../src/protocol/values.ts";
import { el } from "../../dom.ts";
import { fileLine } from "../../files.ts";
import { sortOf } from "../../media/file-kinds.ts";
import { icon } from "../../media/icons.ts";
import { playsAlone } from "../../media/one-playing.ts";
import { writeText } from "../../write-text.ts";
import { renderMarkdown } from "../markdown.ts";
import { type Message, type Part, plainText, type Thought } from "./messages.ts";

export interface BubbleOptions {
  readonly number: number;
  /** The first of several in a row by the same role says whose they are. */
  readonly isFirst: boolean;
  readonly isMarkdown: boolean;
  readonly remove: (() => void) | undefined;
  readonly choose: ((option: string) => void) | undefined;
}

/** One message: its text, files, thoughts and what can be done with it. */
export function bubble(message: Message, options: BubbleOptions): HTMLElement {
  const { role, thought } = message;
  const side = role === "user" ? "user" : role === "system" ? "system" : "assistant";
  const body = el("div", { class: "f-bubble" }, ...message.parts.map((part) => drawPart(part, options)));
  const box = el(
    "div",
    { class: `f-message is-${side}`, "data-role": side },
    el("small", { class: options.isFirst ? "f-role" : "visually-hidden" }, role),
    thought === null ? body : folded(thought, body),
  );
  if (message.options.length > 0) box.append(answers(message, options));
  box.append(tools(message, options));
  return box;
}

function drawPart(part: Part, { isMarkdown }: BubbleOptions): HTMLElement {
  if (part.sort === "other")
    return el("pre", { class: "f-chat-other" }, JSON.stringify(part.value, null, 2) ?? String(part.value));
  if (part.sort === "text") {
    if (!isMarkdown) return el("div", { class: "f-chat-plain" }, part.text);
    const prose = el("div", { class: "f-prose" });
    prose.append(renderMarkdown(part.text));
    return prose;
  }
  const { file, alt } = part;
  const address = fileUrl(file);
  const name = alt ?? file.name;
  const orLink = (element: HTMLElement) => {
    element.addEventListener("error", () => element.replaceWith(fileLine(file)));
    return element;
  };
  switch (sortOf(file)) {
    case "image":
      return orLink(
        el("img", { src: address, alt: name, loading: "lazy", draggable: "false", class: "f-chat-image" }),
      );
    case "audio":
    case "video": {
      const media = el(sortOf(file) as "audio" | "video", {
        src: address,
        controls: true,
        preload: "metadata",
        "aria-label": name,
        class: "f-chat-media",
      });
      playsAlone(media);
      return orLink(media);
    }
    default:
      return fileLine(file);
  }
}

function folded({ title, log, seconds, status }: Thought, body: HTMLElement): HTMLElement {
  const quiet = [
    log,
    seconds === null ? null : `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`,
  ].filter((text) => text !== null);
  const summary = el("summary", {}, el("span", { class: "f-thought-title" }, title));
  if (status === "pending") summary.append(el("span", { class: "f-thought-more" }, " working …"));
  if (quiet.length > 0) summary.append(el("span", { class: "f-thought-more" }, ` ${quiet.join(", ")}`));
  return el("details", { class: "f-thought", open: status !== "done" }, summary, body);
}

function answers(message: Message, { choose }: BubbleOptions): HTMLElement {
  const list = el("div", { class: "f-chat-options" });
  for (const option of message.options) {
    const item =
      choose === undefined
        ? el("span", { class: "f-chat-option" }, option)
        : el("button", { type: "button", class: "f-chat-option" }, option);
    if (choose !== undefined) item.addEventListener("click", () => choose(option));
    list.append(item);
  }
  return list;
}

function tools(message: Message, { number, remove }: BubbleOptions): HTMLElement {
  const copy = el(
    "button",
    { type: "button", class: "f-chat-tool", "aria-label": `Copy message ${number}`, title: "Copy" },
    icon("copy"),
  );
  copy.addEventListener("click", () => {
    writeText(plainText(message)).then(
      () => copy.classList.add("is-done"),
      () => copy.setAttribute("title", "The browser did not allow copying."),
    );
    setTimeout(() => copy.classList.remove("is-done"), 1200);
  });
  const bar = el("div", { class: "f-chat-tools" }, copy);
  if (remove !== undefined) {
    const bin = el(
      "button",
      { type: "button", class: "f-chat-tool", "aria-label": `Remove message ${number}`, title: "Remove" },
      icon("close"),
    );
    bin.addEventListener("click", remove);
    bar.append(bin);
  }
  return bar;
}

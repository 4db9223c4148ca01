import { el, emptyNote, maxHeight } from "../dom.ts";
import type { MountField } from "../field.ts";
import { bubble } from "./chatbot/bubble.ts";
import { composer } from "./chatbot/composer.ts";
import { type Message, messagesOf } from "./chatbot/messages.ts";
import "./chatbot.css";

/** A conversation. New words do not move what somebody reads; only who is at the end stays at the end. */
export const mount: MountField = (element, options) => {
  let current = options;
  const log = el("div", {
    role: "log",
    "aria-live": "polite",
    "aria-relevant": "additions",
    "aria-label": options.label,
    tabindex: 0,
  });
  let drawn: { readonly key: string; readonly box: HTMLElement; readonly message: Message }[] = [];
  let isAtEnd = true;
  let shownValue: unknown = Symbol("nothing");

  const listOf = () => (Array.isArray(current.value) ? (current.value as readonly unknown[]) : []);
  const add = (message: unknown) => {
    isAtEnd = true;
    current.onchange([...listOf(), message]);
  };
  const write = options.readonly ? undefined : composer({ options: () => current, add });
  const toEnd = () => {
    if (isAtEnd && current.props["autoscroll"] !== false) log.scrollTop = log.scrollHeight;
  };
  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  });
  // Pictures come later and make the conversation longer.
  log.addEventListener("load", toEnd, true);
  log.addEventListener("loadedmetadata", toEnd, true);

  const draw = () => {
    const { value, large, props, readonly } = current;
    log.className = ["f-chat", large && "is-large", props["layout"] === "panel" && "is-panel"]
      .filter(Boolean)
      .join(" ");
    if (!large) log.style.maxHeight = maxHeight(props, 260);
    if (value === shownValue) return;
    shownValue = value;
    const messages = messagesOf(value);
    const isOneToOne = messages.length === listOf().length;
    const isMarkdown = props["renderMarkdown"] !== false;
    const remove = (at: number) => current.onchange(listOf().filter((_, index) => index !== at));
    if (messages.length === 0) log.replaceChildren(nothing());
    else if (drawn.length === 0) log.replaceChildren();
    const next = messages.map((message, at) => {
      const isFirst = messages[at - 1]?.role !== message.role;
      const key = JSON.stringify([message, isFirst]);
      const before = drawn[at];
      if (before?.key === key) return before;
      const box = bubble(message, {
        number: at + 1,
        isFirst,
        isMarkdown,
        remove: readonly || !isOneToOne ? undefined : () => remove(at),
        choose: readonly ? undefined : (option) => add({ role: "user", content: option }),
      });
      keepFolds(before?.box, box);
      if (before !== undefined) before.box.replaceWith(box);
      return { key, box, message };
    });
    for (const { box } of drawn.slice(next.length)) box.remove();
    nest(next);
    drawn = next;
    toEnd();
  };
  const nothing = () => {
    const { value, props } = current;
    const text = typeof props["placeholder"] === "string" ? props["placeholder"] : "No messages";
    return emptyNote(current.readonly && (value === undefined || value === null) ? undefined : text);
  };
  /** A thought stands inside the one that it belongs to, everything else below the last. */
  const nest = (all: typeof drawn) => {
    const places = new Map<string, HTMLElement>();
    for (const { box, message } of all) {
      const { thought } = message;
      const home = (thought?.parent != null ? places.get(thought.parent) : undefined) ?? log;
      if (box.parentElement !== home) home.append(box);
      const body = box.querySelector<HTMLElement>(":scope > .f-thought");
      if (thought?.id != null && body !== null) places.set(thought.id, body);
    }
  };

  element.append(log);
  if (write !== undefined) element.append(write.element);
  draw();
  return {
    update(next) {
      current = next;
      draw();
      write?.update();
    },
    destroy() {
      for (const media of element.querySelectorAll<HTMLMediaElement>("audio, video")) media.pause();
      element.replaceChildren();
    },
  };
};

/** What somebody opened or closed stays so while its message grows. */
function keepFolds(before: HTMLElement | undefined, after: HTMLElement): void {
  const old = before?.querySelector<HTMLDetailsElement>(":scope > .f-thought");
  const fresh = after.querySelector<HTMLDetailsElement>(":scope > .f-thought");
  if (old?.dataset["touched"] === "yes" && fresh != null) fresh.open = old.open;
  fresh?.querySelector("summary")?.addEventListener("click", () => {
    fresh.dataset["touched"] = "yes";
  });
  if (old?.dataset["touched"] === "yes" && fresh != null) fresh.dataset["touched"] = "yes";
}

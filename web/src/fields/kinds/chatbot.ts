import "./chatbot.css";
import { el, emptyNote } from "../dom.ts";
import { display } from "../field.ts";
import { renderMarkdown } from "./markdown.ts";

interface Message {
  readonly role: string;
  readonly content: string;
}

export const mount = display((element, { value, large, label }) => {
  const messages = (value ?? []) as readonly Message[];
  if (messages.length === 0)
    return element.append(emptyNote(value === undefined || value === null ? undefined : "No messages"));
  const log = el("div", {
    class: large ? "f-chat is-large" : "f-chat",
    role: "log",
    "aria-label": label,
    tabindex: 0,
  });
  for (const { role, content } of messages) {
    const bubble = el("div", { class: "f-prose" });
    bubble.append(renderMarkdown(content));
    log.append(
      el(
        "div",
        { class: `f-message is-${role === "user" ? "user" : role === "system" ? "system" : "assistant"}` },
        el("small", {}, role),
        bubble,
      ),
    );
  }
  element.append(log);
  log.scrollTop = log.scrollHeight;
});

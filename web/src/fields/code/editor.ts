import "./tokens.css";
import "./editor.css";
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { el, uniqueId } from "../dom.ts";
import { loadLanguage } from "./languages.ts";

export interface EditorOptions {
  readonly value: string;
  readonly label: string;
  /** Gradio's name of a language. */
  readonly language?: unknown;
  readonly readonly: boolean;
  readonly placeholder?: string | undefined;
  readonly hasLineNumbers?: boolean;
  readonly isWrapped?: boolean;
  readonly completes?: boolean;
  readonly onchange?: (text: string) => void;
  readonly extensions?: Extension;
}

/** A mounted editor. */
export interface Editor {
  readonly view: EditorView;
  /** Takes a value over that somebody else set. */
  setText(text: string): void;
  destroy(): void;
}

/** CodeMirror in the page's own look. Tab indents; Escape, then Tab, leaves, and the field says so. */
export function createEditor(element: HTMLElement, options: EditorOptions): Editor {
  const language = new Compartment();
  const completion = new Compartment();
  const help = el("p", { class: "f-note f-editor-help", id: uniqueId("editor-help") });
  if (!options.readonly) help.textContent = "Tab indents. Esc, then Tab, leaves the field.";
  let isTaking = false;
  let isGone = false;

  const extensions: Extension[] = [
    options.hasLineNumbers === false ? [] : [lineNumbers(), foldGutter({ openText: "▾", closedText: "▸" })],
    options.isWrapped === true ? EditorView.lineWrapping : [],
    options.placeholder === undefined ? [] : placeholder(options.placeholder),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    syntaxHighlighting(classHighlighter),
    language.of([]),
    completion.of([]),
    options.readonly
      ? [EditorState.readOnly.of(true), keymap.of([...defaultKeymap, ...searchKeymap, ...foldKeymap])]
      : [
          history(),
          closeBrackets(),
          indentOnInput(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            indentWithTab,
          ]),
        ],
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      tabindex: "0",
      ...(options.readonly ? { "aria-readonly": "true" } : { "aria-describedby": help.id }),
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isTaking) options.onchange?.(update.state.doc.toString());
    }),
    // What the editor made of a key is nobody else's: Escape that closes the search does not close a dialog.
    EditorView.domEventHandlers({
      keydown: (event) => {
        if (event.key === "Escape" && view.dom.querySelector(".cm-search, .cm-tooltip") !== null)
          event.stopPropagation();
      },
    }),
    options.extensions ?? [],
  ];
  const view = new EditorView({
    parent: element,
    state: EditorState.create({ doc: options.value, extensions }),
  });
  element.append(help);

  loadLanguage(options.language)?.then(
    (loaded) => !isGone && view.dispatch({ effects: language.reconfigure(loaded.extension) }),
    () => {}, // A text without colours is a text as well.
  );
  if (options.completes === true)
    void import("@codemirror/autocomplete").then(
      ({ autocompletion, completionKeymap }) =>
        !isGone &&
        view.dispatch({
          effects: completion.reconfigure([autocompletion(), keymap.of(completionKeymap)]),
        }),
    );

  return {
    view,
    setText(text) {
      const now = view.state.doc.toString();
      if (now === text) return;
      isTaking = true;
      view.dispatch({ changes: changeBetween(now, text) });
      isTaking = false;
    },
    destroy() {
      isGone = true;
      view.destroy();
      help.remove();
    },
  };
}

/** What differs, so that the caret and the place in the text stay where they are. */
export function changeBetween(before: string, after: string): { from: number; to: number; insert: string } {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from++;
  let same = 0;
  while (same < least - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

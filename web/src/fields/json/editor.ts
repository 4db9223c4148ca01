import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { createEditor } from "../code/editor.ts";
import { el, textual } from "../dom.ts";
import type { MountField } from "../field.ts";
import { type ParseProblem, parseProblem } from "./parse-problem.ts";

const wrongAt = StateEffect.define<number | null>();
const wrongLine = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(wrongAt))
        return effect.value === null
          ? Decoration.none
          : Decoration.set([
              Decoration.line({ class: "cm-wrongLine" }).range(
                transaction.state.doc.lineAt(effect.value).from,
              ),
            ]);
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const textOf = (value: unknown) =>
  value === undefined || value === null ? "" : JSON.stringify(value, null, 2);

/** JSON as the text it is. It is taken over as soon as it can be read; until then the field says where it cannot. */
export const mountJsonEditor: MountField = (element, options) => {
  let current = options;
  let problem: ParseProblem | undefined;
  /** What the text stands for, so that a value that comes back as it was sent does not reformat what is typed. */
  let known = JSON.stringify(options.value ?? null);

  const jump = el("button", { type: "button", class: "f-link" });
  const note = el("p", { class: "f-error", role: "status" });
  const editor = createEditor(element, {
    value: textOf(options.value),
    label: options.label,
    language: "json",
    readonly: false,
    placeholder: textual(options.props["placeholder"]) ?? "JSON",
    extensions: wrongLine,
    onchange(text) {
      problem = parseProblem(text);
      tell();
      if (problem !== undefined) return;
      const value: unknown = text.trim() === "" ? null : JSON.parse(text);
      known = JSON.stringify(value);
      current.onchange(value);
    },
  });
  const tell = () => {
    editor.view.dispatch({ effects: wrongAt.of(problem?.offset ?? null) });
    note.replaceChildren();
    if (problem === undefined) return;
    jump.textContent = `Line ${problem.line}, column ${problem.column}`;
    note.append(jump, `: ${problem.reason}. The last value that could be read is kept.`);
  };
  jump.addEventListener("click", () => {
    if (problem === undefined) return;
    editor.view.dispatch({ selection: { anchor: problem.offset }, scrollIntoView: true });
    editor.view.focus();
  });
  element.append(note);
  return {
    update(next) {
      current = next;
      const text = JSON.stringify(next.value ?? null);
      if (text === known) return;
      known = text;
      problem = undefined;
      editor.setText(textOf(next.value));
      tell();
    },
    destroy() {
      editor.destroy();
      note.remove();
    },
  };
};

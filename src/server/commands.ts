import type { StartRun } from "../engine/engine.ts";
import type { ClientMessage, WholeOutputs } from "../protocol/messages.ts";
import type { Standing } from "../protocol/view.ts";
import { acceptAnswer } from "./answers-in.ts";
import type { ServerContext } from "./context.ts";
import { refuse } from "./refusal.ts";
import { logOfServices, tellServices } from "./services.ts";
import { acceptValue, type Destination } from "./values-in.ts";

export type Command = Exclude<ClientMessage, { type: "hello" | "open-sheet" }>;

/** Does what a page asks; the result goes into its `reply`. */
export async function obey(
  message: Command,
  context: ServerContext & { readonly sheet: string | undefined; isAtTheMachine(): boolean },
): Promise<unknown> {
  const { engine, scope, book, visitor } = context;
  switch (message.type) {
    case "create-sheet":
      return engine.createSheet(scope, message.name);
    case "rename-sheet":
      return engine.renameSheet(scope, message.sheet, message.name);
    case "delete-sheet":
      return engine.deleteSheet(scope, message.sheet);
    case "duplicate-sheet":
      return engine.duplicateSheet(scope, message.sheet, message.name);
    case "clear-sheet":
      return engine.clearSheet(scope, message.sheet);
    case "upstream":
      if (context.upstream === undefined) throw refuse("NOT_YOURS", "This is for who runs the workflow.");
      return context.upstream.choose(message.kind, message.id, message.choice);
    case "resume":
      return engine.resume(scope, message.run, visitor.caller());
    case "answer": {
      const run = await engine.run(scope, message.run);
      if (run === undefined) throw refuse("RUN_NOT_FOUND", "This run is not kept any more.");
      const { variants } = run.record;
      return engine.answer(
        scope,
        message.run,
        await acceptAnswer(context, variants, message.node, message.item, message.answer),
        visitor.caller(),
      );
    }
    case "service":
      book.node(message.node);
      return tellServices(context.definition, message, context.isAtTheMachine());
  }
  const { sheet } = context;
  if (sheet === undefined) throw refuse("NO_SHEET", "No sheet is open.");
  switch (message.type) {
    case "set-input": {
      const field = book.field(message.address);
      return engine.setField(
        scope,
        sheet,
        field.address,
        await acceptValue(field, context.files, message.value),
      );
    }
    case "set-variant":
      return engine.setVariant(
        scope,
        sheet,
        message.node,
        book.variant(book.node(message.node), message.variant),
      );
    case "move-cards":
      return engine.setPositions(scope, sheet, message.positions);
    case "set-viewport":
      return engine.setViewport(scope, sheet, message.viewport);
    case "plan":
      for (const node of message.nodes) book.node(node);
      return engine.preview(scope, sheet, message.mode, message.nodes);
    case "run":
      for (const node of message.nodes) book.node(node);
      return startRun(context, { mode: message.mode, nodes: message.nodes, sheet });
    case "run-item":
      book.node(message.node);
      return startRun(context, { mode: "step", nodes: [message.node], sheet, item: message.item });
    case "stop":
      return { stopped: await stop(message, context, sheet) };
    case "history":
      book.node(message.node);
      return engine.history(scope, sheet, message.node, {
        offset: message.offset,
        limit: message.limit,
        ...(message.text === undefined ? {} : { text: message.text }),
      });
    case "result":
      book.node(message.node);
      return engine.result(scope, sheet, message.node, message.result);
    case "items-of-result":
      book.node(message.node);
      return engine.itemsOfResult(scope, sheet, message.node, message.result, {
        offset: message.offset,
        limit: message.limit,
      });
    case "sheet-from-result":
      book.node(message.node);
      return engine.sheetFromResult(scope, sheet, message.node, message.result, message.name);
    case "select-result":
      book.node(message.node);
      return engine.selectResult(scope, sheet, message.node, message.result);
    case "edit-output":
      return engine.editOutput(scope, sheet, {
        node: message.node,
        port: message.port,
        value: await acceptOutput(message, context),
        item: message.item,
      });
    case "discard-edit":
      book.node(message.node);
      return engine.discardEdit(scope, sheet, message.node);
    case "restore":
      return engine.restore(scope, sheet, await acceptStanding(message, context));
    case "items":
      book.node(message.node);
      return engine.items(scope, sheet, message.node, message);
    case "outputs":
      book.node(message.node);
      return { outputs: await engine.outputs(scope, sheet, message.node) } satisfies WholeOutputs;
    case "logs": {
      book.node(message.node);
      const lines = await engine.logs(scope, sheet, message.node);
      return { lines: lines.length > 0 ? lines : logOfServices(context.definition, message.node) };
    }
  }
}

function startRun(
  { engine, scope, visitor }: ServerContext,
  start: StartRun,
): Promise<{ readonly id: string }> {
  const caller = visitor.caller();
  return engine.startRun(scope, caller === undefined ? start : { ...start, caller });
}

/** As when each field and variant is set by hand. */
async function acceptStanding(
  { inputs, variants, results }: Extract<Command, { type: "restore" }>,
  { book, files }: ServerContext,
): Promise<Standing> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [address, value] of Object.entries(inputs)) {
    const field = book.field(address);
    fields[field.address] = await acceptValue(field, files, value);
  }
  for (const [node, variant] of Object.entries(variants)) book.variant(book.node(node), variant);
  for (const node of Object.keys(results)) book.node(node);
  return { inputs: fields, variants, results };
}

/** Without a run all that is going on in the sheet. */
async function stop(
  { run, node }: Extract<Command, { type: "stop" }>,
  { engine, scope }: ServerContext,
  sheet: string,
): Promise<boolean> {
  if (run !== undefined) return engine.cancel(scope, run, node);
  const { view } = await engine.openSheet(scope, sheet);
  const stopped = await Promise.all(view.activeRuns.map(({ id }) => engine.cancel(scope, id, node)));
  return stopped.includes(true);
}

/** A value entered by hand must fit the output's component; of a whole scattered node it is one value per item. */
async function acceptOutput(
  { node, port, value, item }: Extract<Command, { type: "edit-output" }>,
  { book, files }: ServerContext,
): Promise<unknown> {
  const component = book.output(node, port);
  if (component === undefined)
    throw refuse("HIDDEN_OUTPUT", `'${port}' of '${node}' is not shown.`, { node, port });
  const destination: Destination = { node, port, component };
  if (!book.node(node).scattered || item !== undefined) return acceptValue(destination, files, value);
  if (!Array.isArray(value)) {
    throw refuse("INVALID_VALUE", `'${port}' of '${node}' needs a list: one value per item.`, { node, port });
  }
  return Promise.all(value.map((item) => acceptValue(destination, files, item)));
}

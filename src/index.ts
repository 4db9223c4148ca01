// Describing a graph

export { Graph, type GraphOptions } from "./app/graph.ts";
export * as gr from "./components/gr.ts";
export { ApproveNode, type ApproveNodeConstructor, type ApproveNodeOptions } from "./nodes/approve-node.ts";
export { AskNode, type AskNodeConstructor, type AskNodeOptions } from "./nodes/ask-node.ts";
export { type ChoiceOptions, oneOf } from "./nodes/choice-node.ts";
export { ChooseNode, type ChooseNodeConstructor, type ChooseNodeOptions } from "./nodes/choose-node.ts";
export { type FallbackOptions, fallback } from "./nodes/fallback-node.ts";
export { FnNode, type FnNodeConstructor } from "./nodes/fn-node.ts";
export type { FnNodeOptions, FnResult, NoOutputs, Returns, RunContext, Yields } from "./nodes/fn-options.ts";
export { GradioNode, type GradioNodeConstructor } from "./nodes/gradio-node.ts";
export type { GradioInput, GradioNodeOptions, RunLocally } from "./nodes/gradio-options.ts";
export { InferenceNode, type InferenceNodeConstructor } from "./nodes/inference-node.ts";
export type { InferenceNodeOptions } from "./nodes/inference-options.ts";
export { InputNode, type InputNodeConstructor, type InputNodeOptions } from "./nodes/input-node.ts";
// Whole, so that `declare module "daggr"` of a daggr-env.d.ts reaches `Spaces`: an interface that is exported by its name
// cannot be added to.
export * from "./nodes/spaces.ts";

// Running it

export type { Launched, LaunchOptions, ShareProvider } from "./app/launch-options.ts";
export type { AskedQuestion, RunInputs, RunOptions, RunResult } from "./app/run-types.ts";
export type { ImportedSheet, SavedSheet, Sheets } from "./app/sheets.ts";
export type { Answer, AskForm } from "./protocol/ask.ts";
export type { RunEvent } from "./protocol/events.ts";
export type { Plan, PlanEntry, RunMode } from "./protocol/plan.ts";

// Errors

export { RunError } from "./app/run-error.ts";
export { DaggrError, type ErrorData } from "./base/errors.ts";

// Types that appear in inferred types

export type { Json } from "./base/json.ts";
export type { ToolCall } from "./clients/inference/chat.ts";
export type { InferenceTask } from "./clients/inference/tasks.ts";
export type {
  ChatMessage,
  ChatThought,
  DataframeValue,
  Figure,
  HighlightedTextValue,
  LabelValue,
} from "./components/data.ts";
export type { EditorValue, Picture, Subtitle } from "./components/media.ts";
export type { Component } from "./graph/component.ts";
export type {
  InputFor,
  InputPort,
  InputsFor,
  Mode,
  ModeOf,
  Node,
  NodeMembers,
  OutputsFor,
  PortsOf,
} from "./graph/node.ts";
export type { Each, ItemPort, ItemSource, Port } from "./graph/port.ts";
export type {
  CheckedApproved,
  CheckedOptions,
  CheckedShown,
  ElementOf,
  ShownValue,
} from "./nodes/human-types.ts";
export type {
  DefaultOutputs,
  DetectedObject,
  FittingOutputs,
  InferenceMessage,
  InferenceResults,
  InputOfTask,
  MessagePart,
  ModelInput,
} from "./nodes/inference-types.ts";

import type { ServerMessage } from "../protocol/messages.ts";

/** A change of a sheet as the page is told it. */
export type SheetNotice = Extract<ServerMessage, { readonly seq: number }>;

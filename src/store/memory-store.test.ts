import { createMemoryStore } from "./memory-store.ts";
import { describeStore } from "./store-specification.ts";

describeStore("the memory store", () => createMemoryStore({ graceMs: 0 }));

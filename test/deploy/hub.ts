/** One Hub for the tests of a file, with an account that may deploy. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Account } from "../hub/accounts.ts";
import { HubStub } from "../hub/hub-stub.ts";

export const PLACE = "ada/loud-thoughts";

/** Call it at the top of a test file: each test finds the Hub without any Space. */
export function startHub() {
  let hub: HubStub;
  let ada: Account;
  let token: string;
  beforeAll(async () => {
    hub = await HubStub.start();
    ada = hub.accounts.add("ada", { organizations: ["lab"] });
    token = ada.token("write");
  });
  beforeEach(() => {
    hub.faults.clear();
    hub.seen.length = 0;
    for (const id of [PLACE, "lab/loud-thoughts"]) hub.repositories.remove("space", id);
  });
  afterAll(() => hub[Symbol.asyncDispose]());
  const repository = (id = PLACE) => hub.repositories.get("space", id);
  return {
    get hub() {
      return hub;
    },
    get ada() {
      return ada;
    },
    get token() {
      return token;
    },
    repository,
    paths: (id?: string) => [...repository(id).head.files.keys()].sort(),
    fileOf: (path: string, id?: string) => repository(id).head.files.get(path)!.toString(),
    /** What was asked that changes something, in order. */
    writes: () => hub.seen.filter(({ method }) => method !== "GET").map(({ path }) => path.split("?")[0]),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { HubStub } from "../../../test/hub/hub-stub.ts";
import { requestDeviceCode, waitForDevice } from "./device-code.ts";

vi.mock("node:timers/promises", async (original) => ({
  ...(await original<typeof import("node:timers/promises")>()),
  setTimeout: vi.fn(async () => {}),
}));
afterEach(() => vi.unstubAllEnvs());

test("a Hub that says slow_down is asked less often from then on", async () => {
  await using hub = await HubStub.start();
  vi.stubEnv("HF_ENDPOINT", hub.url);
  hub.oauth.client("daggr-app");
  hub.oauth.device.intervalSeconds = 0;
  const code = await requestDeviceCode("daggr-app");
  hub.oauth.approve(hub.accounts.add("ada"));
  const refused = (error: string) =>
    hub.faults.add({ path: "/oauth/token", status: 400, body: JSON.stringify({ error }), times: 1 });
  for (const error of ["authorization_pending", "slow_down", "slow_down", "authorization_pending"])
    refused(error);
  expect(await waitForDevice(code, "daggr-app")).toMatchObject({
    token: expect.stringMatching(/^hf_oauth_/),
  });
  expect(vi.mocked(sleep).mock.calls.map(([ms]) => ms)).toEqual([0, 0, 5000, 10_000, 10_000]);
});

import { expect, test } from "vitest";
import { allowedEnvironment, appEnvironment, installEnvironment } from "./child-environment.ts";

test("what begins like a harmless variable and is a key stays here", () => {
  const env = {
    PATH: "/bin",
    NVIDIA_VISIBLE_DEVICES: "all",
    NVIDIA_API_KEY: "nvapi-1",
    CUDA_DOWNLOAD_TOKEN: "t",
    XDG_SECRET: "s",
    PIP_INDEX_URL: "https://me:pw@index.example/simple",
    UV_INDEX_OURS_PASSWORD: "pw",
  };
  expect(allowedEnvironment(env)).toEqual({ PATH: "/bin", NVIDIA_VISIBLE_DEVICES: "all" });
  const app = appEnvironment({ env, port: 1, isOwnCode: false });
  expect(Object.keys(app).filter((name) => name in env)).toEqual(["PATH", "NVIDIA_VISIBLE_DEVICES"]);
  // Whoever has a private index needs its password to install from it, and for nothing else.
  expect(installEnvironment(env)).toMatchObject({ UV_INDEX_OURS_PASSWORD: "pw" });
});

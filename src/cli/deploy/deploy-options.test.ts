import { describe, expect, test } from "vitest";
import { readOptions } from "./deploy-options.ts";

const read = (...args: string[]) => readOptions(["app.ts", ...args]);

describe("the command line of daggr deploy", () => {
  test("is understood", () => {
    const options = read(
      ...["-n", "x", "-o", "lab", "-p", "-s", "A=1=2", "-s", "B", "--variable", "C=", "--sleep-time", "2h"],
      ...["--scopes", "openid, read-repos", "--bucket", "ada/x", "--timeout", "0.5", "--no-wait", "-y"],
    );
    expect(options).toMatchObject({
      ...{ script: "app.ts", name: "x", owner: "lab", isPrivate: true, sleepSeconds: 7200 },
      ...{ scopes: ["read-repos"], bucket: "ada/x", timeoutMs: 30_000, wait: false, isConfirmed: true },
    });
    expect([...options.secrets]).toEqual([
      ["A", "1=2"],
      ["B", undefined],
    ]);
    expect([...options.variables]).toEqual([["C", ""]]);
  });

  test("asks for a login unless it is told not to, and leaves hardware to the Space", () => {
    expect(read().scopes).toEqual(["inference-api"]);
    expect(read("--scopes", "none").scopes).toBeUndefined();
    expect(read().hardware).toBeUndefined();
    expect(["90", "30m", "1d", "never"].map((time) => read("--sleep-time", time).sleepSeconds)).toEqual([
      90, 1800, 86_400, -1,
    ]);
  });

  test.each([
    [["--hardware", "T4 small"], /is no hardware/],
    [["--sleep-time", "soon"], /--sleep-time is a number of seconds/],
    [["--sleep-time", "0"], /--sleep-time is a number of seconds/],
    [["--secret", "1A=x"], /a name has letters, digits and _ only/],
    [["--secret", "A=x", "--secret", "A=y"], /--secret A is given twice/],
    [["--secret", "A=x", "--variable", "A=y"], /given as a secret and as a variable/],
    [["--variable", "A"], /--variable A has no value/],
    [["--secret", "SPACE_ID=x"], /is set by the Space itself/],
    [["--bucket", "data"], /--bucket is owner\/name/],
    [["--timeout", "-1"], /argument is ambiguous|number of minutes/],
    [["other.ts"], /One script at a time/],
  ])("%j is refused", (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  test("lets through what may be newer than we are, and says what may be meant", () => {
    expect(read("--hardware", "t4-smal", "--scopes", "inference-apis")).toMatchObject({
      hardware: "t4-smal",
      scopes: ["inference-apis"],
      notes: [
        "--hardware t4-smal is not known here. Did you mean 't4-small'?",
        "--scopes inference-apis is not known here. Did you mean 'inference-api'?",
      ],
    });
    expect(read("--hardware", "t4-small").notes).toEqual([]);
  });

  test("a secret that is written wrongly is not told", () => {
    expect(() => read("--secret", "my key=hunter2-hunter2")).toThrow(/^(?!.*hunter2)/s);
  });
});

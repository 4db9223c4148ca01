import { expect, test } from "vitest";
import { decodeDataUrl } from "./data-url.ts";

const read = (url: string) => {
  const data = decodeDataUrl(url);
  return data && [Buffer.from(data.bytes).toString(), data.extension];
};

test.each([
  ["data:image/png;base64,aGk=", ["hi", "png"]],
  ["data:text/plain,hi%20there", ["hi there", "txt"]],
  ["data:,hi", ["hi", "txt"]],
  ["data:audio/webm;codecs=opus;base64,aGk=", ["hi", "webm"]],
  ["data:application/x-unknown;base64,aGk=", ["hi", "bin"]],
])("reads %s", (url, data) => {
  expect(read(url)).toEqual(data);
});

test.each([
  "hi",
  "data:",
  "data:image/png;base64",
  "data:image/png;base64,%%%",
  "data:text/plain,%zz",
  "data:../x;base64,aGk=",
])("%s is none", (url) => {
  expect(decodeDataUrl(url)).toBeUndefined();
});

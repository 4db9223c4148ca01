#!/usr/bin/env node
// Written so that every Node since 12 can read it: an old one gets a sentence instead of a syntax error.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error(
    "daggr needs Node 22.18 or newer, because it runs TypeScript files as they are; this is Node " +
      process.versions.node +
      ". See https://nodejs.org/en/download",
  );
  process.exitCode = 1;
} else {
  import("../dist/cli/main.js").catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}

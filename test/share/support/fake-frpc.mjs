#!/usr/bin/env node
import { readFileSync } from "node:fs";
// Stands in for Gradio's frpc: takes the same arguments, says the same lines, and really forwards. What it is to do it
// asks the share service of the tests at --server_addr, which also hears with what it was called.
import { connect, createServer } from "node:net";

const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const certificate = args.includes("--tls_trusted_ca_file")
  ? readFileSync(after("--tls_trusted_ca_file"), "utf8")
  : null;
const response = await fetch(`http://${after("--server_addr")}/login`, {
  method: "POST",
  body: JSON.stringify({ args, certificate, pid: process.pid, env: Object.keys(process.env) }),
}).catch(() => undefined);
const order = response?.ok ? await response.json() : { mode: "refuse" };
const now = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll("-", "/");
if (order.mode === "refuse") {
  console.log(
    `${now} [W] [service.go:128] login to server failed: token in login doesn't match token from configuration`,
  );
  setInterval(() => {}, 1000);
} else if (order.mode === "die") {
  console.error("panic: runtime error: invalid memory address");
  process.exit(2);
} else if (order.mode === "silent") {
  setInterval(() => {}, 1000);
} else {
  const server = createServer((outside) => {
    const inside = connect(Number(after("-l")), after("-i"));
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
  });
  server.listen(order.port ?? 0, "127.0.0.1", () => {
    const url = `http://${order.host}:${server.address().port}`;
    console.log(
      `${now} [I] [service.go:301] [f2f3] login to server success, get run id [f2f3], server udp port [0]`,
    );
    console.log(`${now} [I] [proxy_manager.go:144] [f2f3] proxy added: [${after("-n")}]`);
    console.log(`${now} [I] [control.go:181] [f2f3] [${after("-n")}] start proxy success: ${url}`);
  });
}

// The floor: an HTTP server of Node's own. POST answers what an empty workflow would.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { inputs = {} } = chunks.length === 0 ? {} : JSON.parse(String(Buffer.concat(chunks)));
    const body = JSON.stringify({ outputs: { noop: { out: inputs.noop__x ?? null } } });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(Number(process.env.GRADIO_SERVER_PORT), "127.0.0.1");

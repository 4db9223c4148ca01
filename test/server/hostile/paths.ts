import { type HostileCase, httpCase, own } from "./hostile-case.ts";
import { request } from "./raw-request.ts";

const STEPS: readonly string[] = [
  "../",
  "..%2f",
  "..%2F",
  "%2e%2e/",
  "%2E%2E/",
  "%2e%2e%2f",
  ".%2e/",
  "..%5c",
  "..\\",
  "%2e%2e%5c",
  "%252e%252e%252f",
  "%252e%252e/",
  "..%252f",
  "%25252e%25252e%25252f",
  "..%c0%af",
  "..%c1%9c",
  "%c0%ae%c0%ae/",
  "%e0%80%ae%e0%80%ae/",
  "..%ef%bc%8f",
  "%uff0e%uff0e%u2215",
  "..;/",
  "....//",
  "..././",
  "..%00/",
  "..%0d%0a/",
  "..%09/",
  "./../",
  "/../",
  "..//",
  "..%2f%2e%2e%2f",
  "～/../",
];

const PREFIXES: readonly string[] = [
  "/",
  "/app/",
  "/assets/",
  "/assets/index.js/",
  "/files/",
  "/files/{id}/",
  "/file=",
  "/file/",
  "/gradio_api/file=",
  "/themes/",
  "/theme.css/",
  "/api/",
  "/api/files/",
  "/api/runs/",
  "/api/call/",
  "/static/",
  "/@fs/",
  "/node_modules/",
];

const ENDS: readonly string[] = ["etc/passwd", "{canary}", ".daggr_sessions.db", "package.json"];

/** Walks out of every folder that a route could have in mind, in every spelling. Sent as bytes: no client tidies up. */
export function pathCases(): HostileCase[] {
  const cases: HostileCase[] = [];
  for (const prefix of PREFIXES) {
    for (const step of STEPS) {
      for (const end of ENDS) {
        cases.push(
          httpCase(
            "path",
            `${prefix}${step}×8 ${end}`,
            "harmless",
            (target) => {
              const path = `${prefix.replace("{id}", target.fileId)}${step.repeat(8)}${end.replace("{canary}", target.canaryPath.slice(1))}`;
              return request("GET", path, [own(target)]);
            },
            (answer) =>
              answer.status === 200 && !prefix.startsWith("/files/")
                ? `an answer: ${answer.body.slice(0, 80)}`
                : undefined,
          ),
        );
      }
    }
    for (const [name, path] of absolutePaths(prefix)) {
      cases.push(
        httpCase("path", name, "harmless", (target) =>
          request("GET", path.replace("{id}", target.fileId).replace("{canary}", target.canaryPath), [
            own(target),
          ]),
        ),
      );
    }
  }
  return [...cases, ...fileCases(), ...methodCases()];
}

function absolutePaths(prefix: string): (readonly [string, string])[] {
  const ends = [
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "~%2f.ssh%2fid_rsa",
    "{canary}",
    "/proc/self/environ",
    "%00",
    "%",
    "%zz",
    "%ff",
    "a".repeat(9_000),
  ];
  return ends.map((end) => [`${prefix} then ${end.slice(0, 40)}`, `${prefix}${end}`]);
}

/** Files by everything but the id of one that is kept. */
function fileCases(): HostileCase[] {
  const ids = [
    "",
    "0",
    "0".repeat(63),
    "0".repeat(64),
    "0".repeat(65),
    "g".repeat(64),
    "{ID}",
    "{id}0",
    "{id}.png",
    "{id}%00",
    "%7bid%7d",
    "*",
    "%2a",
    "..",
    ".",
    "{id}%2f..",
    "__proto__",
    "constructor",
    "null",
    "undefined",
    "-1",
    "1e9",
    "%F0%9F%90%88",
    "{canary}",
  ];
  const cases = ids.map((id) =>
    httpCase("file", `the file ${id.slice(0, 40)}`, "refused", (target) => {
      const path = `/files/${id.replace("{id}", target.fileId).replace("{ID}", target.fileId.toUpperCase()).replace("{canary}", encodeURIComponent(target.canaryPath))}/x.png`;
      return request("GET", path, [own(target)]);
    }),
  );
  const ranges = [
    "bytes=0-",
    "bytes=-1",
    "bytes=5-2",
    "bytes=99999999999999999999-",
    "bytes=-0",
    "bytes=0-0,1-1",
    "bytes=a-b",
    "lines=0-1",
    "bytes=",
    "bytes=-",
    "bytes=0-999999999999999999999",
    `bytes=${"0-1,".repeat(2_000)}0-1`,
    "bytes=1e3-",
    "bytes=0x1-",
  ];
  for (const range of ranges) {
    cases.push(
      httpCase("file", `a range ${range.slice(0, 40)}`, "harmless", (target) =>
        request("GET", `/files/${target.fileId}/x.png`, [own(target), ["Range", range]]),
      ),
    );
  }
  const names = [
    "x.html",
    "x.htm",
    "x.svg",
    "x.xml",
    "x.xhtml",
    "x.js",
    "x.mjs",
    "x.css",
    "x.pdf",
    "x.swf",
    "x.hta",
    "x",
    "x.png.html",
    "x%0d%0aSet-Cookie:%20a=b",
    "x%22%3b.html",
    "%3Cscript%3E.html",
    "x.__proto__",
    "x.constructor",
    "x.toString",
    "x.hasOwnProperty",
  ];
  for (const name of names) {
    cases.push(
      httpCase(
        "file",
        `a file called ${name}`,
        "harmless",
        (target) => request("GET", `/files/${target.fileId}/${name}`, [own(target)]),
        ({ status, head }) => {
          if (status !== 200) return undefined;
          if (/\r\nset-cookie/i.test(head)) return "a header was injected";
          if (!/\r\ncontent-security-policy: [^\r]*sandbox/i.test(head)) return "a file without a sandbox";
          return /\r\ncontent-disposition: attachment/i.test(head)
            ? undefined
            : "a file that may run is shown";
        },
      ),
    );
  }
  return cases;
}

function methodCases(): HostileCase[] {
  const methods = [
    "PUT",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "MKCOL",
    "MOVE",
    "COPY",
    "LOCK",
    "SEARCH",
    "PURGE",
    "LINK",
    "GET\t",
    "get",
    "FOO",
    "G E T",
    "",
  ];
  const paths = ["/", "/api/call", "/api/runs", "/api/files", "/ws", "/theme.css", "/api/schema"];
  return methods.flatMap((method) =>
    paths.map((path) =>
      httpCase("method", `${method} ${path}`, "refused", (target) =>
        request(method, path, [own(target)], "{}"),
      ),
    ),
  );
}

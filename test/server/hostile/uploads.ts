import { type HostileCase, httpCase, own, type Target } from "./hostile-case.ts";

const NAMES: readonly string[] = [
  "../../../../tmp/evil.sh",
  "..\\..\\evil.bat",
  "/etc/cron.d/evil",
  "C:\\evil.exe",
  "evil\u0000.png",
  "evil\r\nX: y",
  ".",
  "..",
  "...",
  "",
  " ",
  "~/.bashrc",
  ".daggr_sessions.db",
  "con",
  "a".repeat(5_000),
  "💥.png",
  "\u202egnp.exe",
  "a/b/c.png",
  "%2e%2e%2fevil",
  "$(touch evil)",
  "`touch evil`",
  "-rf",
  "evil.html",
  "evil.svg",
  "__proto__",
  "\ud800.png",
];

function form(
  target: Target,
  name: string,
  content = "<script>alert(1)</script>",
  type = "text/html",
): string {
  const quoted = name.replace(/"/g, "%22");
  const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="${quoted}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--b--\r\n`;
  return raw(target, body);
}

function raw(target: Target, body: string, type = "multipart/form-data; boundary=b"): string {
  return `POST /api/files HTTP/1.1\r\nHost: ${own(target)[1]}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

/** File names that lead elsewhere; the server may keep the content, under a name of its own. */
export function uploadCases(): HostileCase[] {
  const cases: HostileCase[] = NAMES.map((name) =>
    httpCase(
      "upload",
      `a file called ${JSON.stringify(name).slice(0, 40)}`,
      "harmless",
      (target) => form(target, name),
      ({ status, body }) => {
        if (status !== 201) return undefined;
        const kept = (JSON.parse(Buffer.from(body, "latin1").toString()) as { name: string }).name;
        return /[/\\\p{Cc}]/u.test(kept) || kept === "." || kept === ".." || kept === ""
          ? `kept as ${kept}`
          : undefined;
      },
    ),
  );
  const types = [
    "",
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=other",
    "multipart/mixed; boundary=b",
    "application/x-www-form-urlencoded",
    `multipart/form-data; boundary=${"b".repeat(10_000)}`,
    "multipart/form-data; boundary=b\u0000",
  ];
  const whole =
    '--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\nhello\r\n--b--\r\n';
  for (const type of types)
    cases.push(
      httpCase("upload", `as ${type.slice(0, 50)}`, "refused", (target) => raw(target, whole, type)),
    );
  for (let length = 0; length < whole.length - 4; length++) {
    cases.push(
      httpCase("upload", `cut off after ${length} bytes`, "refused", (target) =>
        raw(target, whole.slice(0, length)),
      ),
    );
  }
  const bodies = [
    "--b--\r\n",
    "--b\r\n\r\n\r\n--b--\r\n",
    '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
    "--b\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--b--\r\n",
    `--b\r\n${"X: y\r\n".repeat(3_000)}\r\nx\r\n--b--\r\n`,
    `${'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nx\r\n'.repeat(200)}--b--\r\n`,
  ];
  for (const [index, body] of bodies.entries()) {
    cases.push(httpCase("upload", `a strange form ${index}`, "refused", (target) => raw(target, body)));
  }
  cases.push(
    httpCase("upload", "a file past the limit", "refused", (target) =>
      form(target, "x.png", "x".repeat(3_000_000)),
    ),
    httpCase(
      "upload",
      "an announced terabyte",
      "refused",
      (target) =>
        `POST /api/files HTTP/1.1\r\nHost: ${own(target)[1]}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000000000\r\nConnection: close\r\n\r\n--b`,
    ),
  );
  return cases;
}

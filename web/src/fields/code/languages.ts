import type { Language } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** What a language brings: its parser for texts that are only shown, and all of it for an editor. */
export interface LoadedLanguage {
  readonly language: Language;
  readonly extension: Extension;
}

type Load = () => Promise<LoadedLanguage>;

/** A grammar of CodeMirror's own. */
const own =
  (load: () => Promise<{ readonly language: Language; readonly extension: Extension }>): Load =>
  async () => {
    const { language, extension } = await load();
    return { language, extension: [language, extension] };
  };

/** A grammar of CodeMirror 5, which reads line by line. */
const streamed =
  (load: () => Promise<object>, name: string): Load =>
  async () => {
    const [{ StreamLanguage }, modes] = await Promise.all([import("@codemirror/language"), load()]);
    const parser = (modes as Record<string, unknown>)[name] as Parameters<typeof StreamLanguage.define>[0];
    const language = StreamLanguage.define(parser);
    return { language, extension: language };
  };

const javascript = (options: { typescript?: boolean; jsx?: boolean }) =>
  own(async () => (await import("@codemirror/lang-javascript")).javascript(options));
const sql = (
  dialect: "StandardSQL" | "MSSQL" | "MySQL" | "MariaSQL" | "SQLite" | "Cassandra" | "PLSQL" | "PostgreSQL",
) =>
  own(async () => {
    const module = await import("@codemirror/lang-sql");
    return module.sql({ dialect: module[dialect] });
  });
const oldSql = (name: string) => streamed(() => import("@codemirror/legacy-modes/mode/sql"), name);

/** Gradio's names of languages. Each is a file of its own, fetched when a field has it. */
const languages: Readonly<Record<string, Load>> = {
  python: own(async () => (await import("@codemirror/lang-python")).python()),
  c: own(async () => (await import("@codemirror/lang-cpp")).cpp()),
  cpp: own(async () => (await import("@codemirror/lang-cpp")).cpp()),
  markdown: own(async () => {
    const { markdown, markdownLanguage } = await import("@codemirror/lang-markdown");
    return markdown({ base: markdownLanguage });
  }),
  latex: streamed(() => import("@codemirror/legacy-modes/mode/stex"), "stex"),
  json: own(async () => (await import("@codemirror/lang-json")).json()),
  html: own(async () => (await import("@codemirror/lang-html")).html()),
  css: own(async () => (await import("@codemirror/lang-css")).css()),
  javascript: javascript({ jsx: true }),
  jinja2: streamed(() => import("@codemirror/legacy-modes/mode/jinja2"), "jinja2"),
  typescript: javascript({ typescript: true, jsx: true }),
  yaml: own(async () => (await import("@codemirror/lang-yaml")).yaml()),
  dockerfile: streamed(() => import("@codemirror/legacy-modes/mode/dockerfile"), "dockerFile"),
  shell: streamed(() => import("@codemirror/legacy-modes/mode/shell"), "shell"),
  r: streamed(() => import("@codemirror/legacy-modes/mode/r"), "r"),
  sql: sql("StandardSQL"),
  "sql-mssql": sql("MSSQL"),
  "sql-mysql": sql("MySQL"),
  "sql-mariadb": sql("MariaSQL"),
  "sql-sqlite": sql("SQLite"),
  "sql-cassandra": sql("Cassandra"),
  "sql-plsql": sql("PLSQL"),
  "sql-pgsql": sql("PostgreSQL"),
  "sql-hive": oldSql("hive"),
  "sql-gql": oldSql("gql"),
  "sql-gpsql": oldSql("gpSQL"),
  "sql-sparksql": oldSql("sparkSQL"),
  "sql-esper": oldSql("esper"),
};

/** Other names of the same, as people write them after three backticks. */
const aliases: Readonly<Record<string, string>> = {
  py: "python",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  ts: "typescript",
  tsx: "typescript",
  "c++": "cpp",
  h: "cpp",
  md: "markdown",
  tex: "latex",
  svg: "html",
  xml: "html",
  svelte: "html",
  vue: "html",
  jinja: "jinja2",
  yml: "yaml",
  docker: "dockerfile",
  sh: "shell",
  bash: "shell",
  zsh: "shell",
  console: "shell",
  postgres: "sql-pgsql",
  postgresql: "sql-pgsql",
  mysql: "sql-mysql",
  sqlite: "sql-sqlite",
  json5: "json",
  jsonc: "json",
};

export const languageNames: readonly string[] = Object.keys(languages);

/** The grammar of that name, in any spelling; `undefined` for one that nobody knows. */
export function loadLanguage(name: unknown): Promise<LoadedLanguage> | undefined {
  if (typeof name !== "string") return undefined;
  const key = name.trim().toLowerCase();
  const known = Object.hasOwn(aliases, key) ? aliases[key]! : key;
  return Object.hasOwn(languages, known) ? languages[known]!() : undefined;
}

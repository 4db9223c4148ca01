// The wire's types name errors, which lead the compiler into src/base. What it finds there of Node is never
// part of the page; only so much is declared that the page's own check does not stumble over it.
declare module "node:crypto" {
  export function hash(algorithm: string, text: string, form?: "hex"): string;
}

interface ErrorConstructor {
  stackTraceLimit: number;
}

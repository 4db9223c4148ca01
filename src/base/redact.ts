const secrets = new Set<string>();

/** Remembers a secret that this process holds, so that {@link redact} removes it wherever a text leaves. */
export function rememberSecret(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= 6) secrets.add(secret);
}

/** The text without any remembered secret, and without anything that looks like a Hugging Face token. */
export function redact(text: string): string {
  let clean = text.replace(/\bhf_[A-Za-z0-9_]{8,}/g, "hf_***");
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, "***");
  }
  return clean;
}

/** {@link redact} for every text inside a JSON value; returns the same object where nothing had to go. */
export function redactValue<T>(value: T): T {
  if (typeof value === "string") return redact(value) as T;
  if (value === null || typeof value !== "object") return value;
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const clean = redact(text);
  return clean === text ? value : (JSON.parse(clean) as T);
}

const secrets = new Set<string>();

/** Remembers a secret that this process holds, so that {@link redact} removes it wherever a text leaves. */
export function rememberSecret(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= 6) secrets.add(secret);
}

/** Remembers what an environment calls a token, a key, a password or a secret. */
export function rememberSecretsOf(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    // Paths and switches are no secrets, whatever they are called.
    if (
      /(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|CREDENTIAL)S?$/.test(name) &&
      value !== undefined &&
      value.length >= 8 &&
      !/[\s/\\]/.test(value)
    ) {
      secrets.add(value);
    }
  }
}

/** User access tokens are 34 letters or digits; those of a login by OAuth are longer. `hf_transfer` is a word. */
const TOKEN = /\bhf_(?:oauth_[\w.-]{16,}|[A-Za-z0-9]{30,})/g;

/** The text without any remembered secret, and without anything that looks like a Hugging Face token. */
export function redact(text: string): string {
  let clean = text.includes("hf_") ? text.replace(TOKEN, "hf_***") : text;
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

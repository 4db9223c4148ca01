/** User access tokens are 34 letters or digits; those of a login by OAuth are longer. `hf_transfer` is a word. */
const TOKEN = /hf_(?:oauth_[\w.-]{16,}|[A-Za-z0-9]{30,})/g;

const WHOLE_TOKEN = new RegExp(`^(?:${TOKEN.source})$`);

/** Whether all of a text is what a Hugging Face token looks like, so that {@link redact} knows it without remembering it. */
export const looksLikeToken = (text: string): boolean => WHOLE_TOKEN.test(text);

const secrets = new Set<string>();

/** Remembers a secret that this process holds, so that {@link redact} removes it wherever a text leaves. */
export function rememberSecret(secret: string | undefined): void {
  // Whatever looks like a token goes anyway: a server has as many of them as visitors.
  if (secret !== undefined && secret.length >= 6 && secret.replace(TOKEN, "") !== "") secrets.add(secret);
}

/** Remembers what an environment calls a token, a key, a password or a secret. */
export function rememberSecretsOf(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    // Paths and switches are no secrets, whatever they are called.
    if (
      value !== undefined &&
      value.length >= 8 &&
      ((/(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|CREDENTIAL)S?$/.test(name) && !/[\s/\\]/.test(value)) ||
        // Those of Amazon's services have slashes inside.
        (/SECRET_(ACCESS_)?KEY$/.test(name) && !/^[/.~]|[\s\\:]/.test(value)))
    ) {
      secrets.add(value);
    }
  }
}

/** The text without any remembered secret, and without anything that looks like a Hugging Face token. */
export function redact(text: string): string {
  let clean = text.includes("hf_") ? text.replace(TOKEN, "hf_***") : text;
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, "***");
  }
  return clean;
}

/** {@link redact} for every text inside a value, names of entries included; returns the same object where nothing had to go. */
export function redactValue<T>(value: T): T {
  return clean(value) as T;
}

/** Text by text: in the JSON of a value a secret may be escaped, or stand inside a number. */
function clean(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const item = clean(value[index]);
      if (item === value[index]) continue;
      copy ??= value.slice();
      copy[index] = item;
    }
    return copy ?? value;
  }
  let isClean = true;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const entry: [string, unknown] = [redact(key), clean(item)];
    if (entry[0] !== key || entry[1] !== item) isClean = false;
    entries.push(entry);
  }
  return isClean ? value : Object.fromEntries(entries);
}

/** Dates as texts, apart from the field that shows them. */

/** What the platform's picker can show of an ISO text. */
export function forPicker(value: unknown, hasTime: boolean): string {
  if (typeof value !== "string") return "";
  const text = value.replace(" ", "T");
  if (!hasTime) return text.slice(0, 10);
  return text.includes("T")
    ? text.replace(/(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/, "").slice(0, 19)
    : text === ""
      ? ""
      : `${text}T00:00:00`;
}

/** The distance from UTC that the text ends with: `Z`, `+02:00`. */
export function zoneOf(value: unknown): string | undefined {
  return typeof value === "string" ? /T?\d{2}:\d{2}.*?(Z|[+-]\d{2}:?\d{2})$/.exec(value)?.[1] : undefined;
}

/** This moment as the clock on the wall shows it there: a zone's name, a distance from UTC, or here. */
export function nowText(now: Date, zone: string | undefined, hasTime: boolean): string {
  const length = hasTime ? 19 : 10;
  if (zone === "Z") return now.toISOString().slice(0, length);
  const distance = zone === undefined ? null : /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (distance !== null) {
    const minutes = (distance[1] === "-" ? -1 : 1) * (Number(distance[2]) * 60 + Number(distance[3]));
    return new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, length);
  }
  const format = (timeZone: string | undefined) =>
    new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone }).format(now);
  let text: string;
  try {
    text = format(zone);
  } catch {
    text = format(undefined);
  }
  return text.replace(" ", "T").slice(0, length);
}

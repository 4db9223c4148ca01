/** The ids of files that a JSON text may refer to: rather one too many than one too few. */
export function fileIdsInText(json: string, found: Set<string>): void {
  if (!json.includes('"$daggr":"file"')) return;
  for (const [, id] of json.matchAll(/"id":"([0-9a-f]{64})"/g)) found.add(id as string);
}

/** `Sheet 3`, where there are two, or the wanted name, with a number when it is taken. */
export function freeSheetName(taken: readonly string[], wanted?: string): string {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const isFree = (name: string) => !names.has(name.toLowerCase());
  const base = wanted?.trim();
  if (base === undefined || base === "") {
    let number = taken.length + 1;
    while (!isFree(`Sheet ${number}`)) number++;
    return `Sheet ${number}`;
  }
  let name = base;
  for (let number = 2; !isFree(name); number++) name = `${base} (${number})`;
  return name;
}

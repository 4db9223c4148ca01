export interface Sums {
  /** One row for each item: receipt, item, amount. */
  readonly rows: (string | number)[][];
  readonly total: number;
  /** Where the items of a receipt do not give the sum that it prints. */
  readonly problems: string[];
}

/** Adds up texts of receipts: a shop, lines that end with an amount, and a TOTAL. */
export function addUp(receipts: readonly string[]): Sums {
  const rows: (string | number)[][] = [];
  const problems: string[] = [];
  let total = 0;
  for (const receipt of receipts) {
    const lines = receipt
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const shop = lines[0] ?? "receipt";
    let sum = 0;
    let printed: number | undefined;
    for (const line of lines.slice(1)) {
      const match = /^(.*?)\s*(\d+[.,]\d{2})$/.exec(line);
      if (match === null) continue;
      const [, name = "", written = "0"] = match;
      const amount = Number(written.replace(",", "."));
      if (/^total/i.test(name)) {
        printed = amount;
        continue;
      }
      sum += amount;
      rows.push([shop, name, amount]);
    }
    total += sum;
    if (printed === undefined) problems.push(`${shop}: no total was read.`);
    else if (Math.abs(printed - sum) > 0.004)
      problems.push(`${shop}: the items give ${sum.toFixed(2)}, the receipt says ${printed.toFixed(2)}.`);
  }
  return { rows, total: Math.round(total * 100) / 100, problems };
}

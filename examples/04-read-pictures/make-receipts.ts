/** Draws the receipts of this example: `node make-receipts.ts`. They are committed, so this is run only to change them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

interface Receipt {
  readonly name: string;
  readonly shop: string;
  readonly items: readonly (readonly [name: string, amount: number])[];
  readonly tilt: number;
}

const receipts: readonly Receipt[] = [
  {
    name: "bakery",
    shop: "Corner Bakery",
    items: [
      ["Rye bread", 4.8],
      ["Croissant", 2.4],
      ["Coffee", 3.2],
    ],
    tilt: 0,
  },
  {
    name: "market",
    shop: "Green Market",
    items: [
      ["Apples 1 kg", 3.5],
      ["Tomatoes", 2.9],
      ["Basil", 1.6],
      ["Honey", 7.25],
    ],
    tilt: 1.2,
  },
  {
    name: "books",
    shop: "Second Page Books",
    items: [
      ["Atlas of Tides", 18.0],
      ["Postcards", 4.5],
    ],
    tilt: -0.8,
  },
];

const folder = join(import.meta.dirname, "receipts");
mkdirSync(folder, { recursive: true });
for (const receipt of receipts) {
  const total = receipt.items.reduce((sum, [, amount]) => sum + amount, 0);
  const rows = [...receipt.items, ["TOTAL", total] as const];
  const height = 150 + rows.length * 44;
  const row = ([name, amount]: readonly [string, number], index: number) => {
    const y = 128 + index * 44 + (name === "TOTAL" ? 14 : 0);
    const weight = name === "TOTAL" ? "700" : "400";
    return `<text x="36" y="${y}" font-weight="${weight}">${name}</text><text x="404" y="${y}" text-anchor="end" font-weight="${weight}">${amount.toFixed(2)}</text>`;
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="440" height="${height}" font-family="DejaVu Sans Mono, monospace" font-size="24" fill="#22221f">
    <rect width="100%" height="100%" fill="#fffefa"/>
    <text x="220" y="62" text-anchor="middle" font-size="28" font-weight="700">${receipt.shop}</text>
    <path d="M36 84H404" stroke="#22221f" stroke-width="2" stroke-dasharray="6 6"/>
    ${rows.map(row).join("")}
  </svg>`;
  await sharp(Buffer.from(svg))
    .rotate(receipt.tilt, { background: "#d8d3c8" })
    .extend({ top: 16, bottom: 16, left: 16, right: 16, background: "#d8d3c8" })
    .png({ palette: true, colours: 32 })
    .toFile(join(folder, `${receipt.name}.png`));
}

import { existsSync, rmSync, writeFileSync } from "node:fs";

const markerOf = (file: string): string => `${file}.suspect`;

/** Damage was met while the database was in use: the next start reads all of it, however large it is. */
export function suspect(file: string): void {
  try {
    if (file !== ":memory:")
      writeFileSync(markerOf(file), "Damage was found. The next start of daggr checks the whole database.\n");
  } catch {
    // Then the next start finds out as late as this one did.
  }
}

export function isSuspected(file: string): boolean {
  return existsSync(markerOf(file));
}

export function clearSuspicion(file: string): void {
  rmSync(markerOf(file), { force: true });
}

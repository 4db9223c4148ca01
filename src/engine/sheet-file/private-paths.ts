import { homedir, tmpdir } from "node:os";

/** The text without the folders of this machine: `~`, and names relative to where the program was started. */
export function withoutPaths(text: string): string {
  let clean = text;
  const folders: readonly (readonly [string, string])[] = [
    [process.cwd(), "."],
    [tmpdir(), "(temp)"],
    [homedir(), "~"],
  ];
  for (const [folder, sign] of folders) if (folder.length > 2) clean = clean.replaceAll(folder, sign);
  return clean;
}

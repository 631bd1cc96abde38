import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Finds an executable in the sandbox's `bin` or on PATH.
 * @param home folder of the sandbox
 * @throws when both lack it
 */
export function findTool(home: string, name: string): string {
  const folders = [join(home, "bin"), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (!found) throw new Error(`${name} is neither in ${join(home, "bin")} nor on PATH. Run \`npm run setup\`.`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

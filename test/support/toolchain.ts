import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders in which set-up put the tools for tests. */
export interface Toolchain {
  /** Folder of the executables: pulumi, kubectl, poet and others. */
  readonly bin: string;
  /** Folder of Pulumi's plugins, laid out as in PULUMI_HOME/plugins. */
  readonly plugins: string;
}

const FILE = join(__dirname, "../../node_modules/.cache/smeshnet/toolchain.json");

/** Reads the folders that `npm run setup` recorded. @throws when set-up has not run in this checkout */
export function toolchain(): Toolchain {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as Toolchain;
  } catch (error) {
    throw new Error(`The tools are not set up. Run \`npm run setup\` (${(error as Error).message}).`);
  }
}

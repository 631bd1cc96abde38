import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where set-up has put the tools that tests use. */
export interface Toolchain {
  /** Folder of the executables: pulumi, kubectl, poet and so on. */
  readonly bin: string;
  /** Folder of Pulumi's plugins, laid out as in PULUMI_HOME/plugins. */
  readonly plugins: string;
}

const FILE = join(__dirname, "../../node_modules/.cache/smeshnet/toolchain.json");

/** Reads what `npm run setup` has written down. @throws when set-up has not run in this checkout. */
export function toolchain(): Toolchain {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as Toolchain;
  } catch (error) {
    throw new Error(`the tools are not set up: run npm run setup (${(error as Error).message})`);
  }
}

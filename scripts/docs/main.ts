import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandsPage } from "./commands";
import { errorsPage } from "./errors";
import { settingsPage } from "./settings";

/** Folder of the pages. */
const FOLDER = join(__dirname, "../../docs");

/** The generated pages by file name. The unit tests compare them with docs/. */
export const PAGES: Readonly<Record<string, () => Promise<string> | string>> = {
  "commands.md": commandsPage,
  "errors.md": errorsPage,
  "settings.md": settingsPage,
};

/** `npm run docs`: writes the generated pages. */
async function main(): Promise<void> {
  for (const [name, page] of Object.entries(PAGES)) writeFileSync(join(FOLDER, name), await page());
}

if (require.main === module) void main();

#!/usr/bin/env node
/**
 * `npm run setup`: installs everything else, so it has no dependency. The rest of it is loaded only after the machine
 * has been looked at, since an old Node.js could not even load it.
 */
import { inspectMachine, refusal } from "./setup/requirements.mjs";

const refused = refusal(inspectMachine());
if (refused) {
  process.stderr.write(`error: ${refused}\n`);
  process.exitCode = 1;
} else {
  const { main } = await import("./setup/main.mjs");
  process.exitCode = await main(process.argv.slice(2));
}

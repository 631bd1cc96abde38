import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { startJob } from "./jobs";
import { lineOf, pushedJobs } from "./pushed-tags";

/**
 * The hook that stands in for the repository's CI. A pushed build tag starts its deployment, and a release tag its
 * promotion. Both run in the background, because a push does not wait for CI. Other refs start nothing.
 * Argument: the bare repository.
 */
const home = resolve(process.argv[2] as string, "../..");
for (const pushed of pushedJobs(readFileSync(0, "utf8"))) {
  startJob(home, pushed.tag);
  process.stdout.write(lineOf(pushed));
}

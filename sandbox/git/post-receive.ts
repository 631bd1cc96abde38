import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { startJob } from "./jobs";
import { pushedBuildTags } from "./pushed-tags";

/**
 * The hook that plays the repository's CI: each pushed build tag starts a deployment of exactly that tag, in the
 * background, as a push does not wait for CI. Other refs start nothing. Argument: the bare repository.
 */
const home = resolve(process.argv[2] as string, "../..");
for (const tag of pushedBuildTags(readFileSync(0, "utf8"))) {
  startJob(home, tag);
  process.stdout.write(`CI: deploying ${tag}; follow it with: npm run sandbox -- logs ${tag}\n`);
}

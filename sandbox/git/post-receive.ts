import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { startJob } from "./jobs";
import { pushedTags, verbOf } from "./pushed-tags";

/**
 * The hook that plays the repository's CI: each pushed build tag starts a deployment of exactly that tag, each release tag
 * a promotion, in the background, as a push does not wait for CI. Other refs start nothing. Argument: the bare repository.
 */
const home = resolve(process.argv[2] as string, "../..");
for (const tag of pushedTags(readFileSync(0, "utf8"))) {
  startJob(home, tag);
  process.stdout.write(`CI: ${verbOf(tag)} ${tag}; follow it with: npm run sandbox -- logs ${tag}\n`);
}

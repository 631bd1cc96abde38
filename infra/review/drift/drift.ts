import { type Difference, previewRefresh } from "../../base/engine/refresh";
import { atOnce } from "../../base/lib/at-once";
import type { Run } from "../../base/lib/run";
import { findingsIn, report } from "./findings";
import { look, type Seen, type Systems } from "./look";
import * as mend from "./mend";
import { type Drift, type Finding, isSame, KINDS, type Unseen } from "./model";
import { networkGone } from "./platform";
import { unfinished } from "./stacks";
import { handOn, resourcesOf, type SeenStack } from "./standing";

/** Stacks that are compared with the world at the same time; each takes an engine and its plugins. */
const AT_ONCE = 2;

/** Milliseconds without a word; a longer look is worth a line of progress. */
const QUIET = 2000;

/**
 * Finds all that is not as the stacks say, and all that is ours and of no stack. Changes nothing. Whatever it finds, it
 * sees twice: what was under way at the first look has arrived, or is seen to be under way, at the second.
 * @throws {UserError} when the stacks cannot be listed
 */
export async function drift(systems: Systems, run: Run): Promise<Drift> {
  const tell = quiet(run);
  tell("looking at stacks, networks, records and keys");
  const first = await look(systems, run);
  const differences = await differencesOf(first, tell, run);
  const found = findingsIn(first, systems);
  if (found.length === 0 && differences.found.length === 0) return report(first, [], differences.unseen, systems);
  tell("looking again at what was found");
  const second = await look(systems, run);
  const again = findingsIn(second, systems);
  const confirmed = [
    ...again.filter((finding) => found.some((one) => isSame(one, finding))),
    ...differences.found.filter(({ stack }) => isUnchanged(stack, second)).map(({ finding }) => finding),
  ].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return report(second, confirmed, differences.unseen, systems);
}

/** Says a line once a look has taken a while. */
function quiet({ say, clock }: Run): (line: string) => void {
  const start = clock.now();
  return (line) => clock.now() - start >= QUIET && say(line);
}

interface Differences {
  readonly found: readonly { readonly stack: SeenStack; readonly finding: Finding }[];
  readonly unseen: readonly Unseen[];
}

/** Compares every settled stack with the world. */
async function differencesOf(seen: Seen, tell: (line: string) => void, run: Run): Promise<Differences> {
  const found: { stack: SeenStack; finding: Finding }[] = [];
  const unseen: Unseen[] = [];
  const settled = seen.stacks.filter((stack) => isSettled(stack, seen));
  let done = 0;
  await atOnce(settled, AT_ONCE, async (stack) => {
    done += 1;
    tell(`comparing ${mend.nameOf(stack.name)} with the world (${done} of ${settled.length})`);
    const gone = seen.platform && networkGone(stack, seen.platform);
    if (gone) return void found.push({ stack, finding: gone });
    const refreshed = await previewRefresh(stack.name, run);
    if (refreshed.kind === "failed")
      unseen.push({
        what: `resources of ${mend.nameOf(stack.name)}`,
        why: refreshed.reason,
        fix: `Run \`pulumi refresh --preview-only --stack ${stack.name}\` to see more.`,
      });
    else found.push(...refreshed.differences.map((one) => ({ stack, finding: differenceIn(stack, one) })));
  });
  found.sort((a, b) => (a.finding.what < b.finding.what ? -1 : 1));
  return { found, unseen };
}

const isSettled = (stack: SeenStack, { here }: Seen): boolean =>
  resourcesOf(stack).length > 0 && handOn(stack, here).kind === "none" && unfinished(stack, here, []) === undefined;

/** A resource that is gone or changed. */
function differenceIn({ name }: SeenStack, { urn, how, properties }: Difference): Finding {
  const [, , types = "", resource = ""] = urn.split("::");
  const kind = types.split("$").at(-1)?.split(":").at(-1) ?? "";
  return {
    kind: "difference",
    what: `${kind} ${resource} of ${mend.nameOf(name)}`,
    why: how === "gone" ? "it does not exist any more" : `changed: ${properties.join(", ")}`,
    mend: mend.bringBack(name),
  };
}

/** Whether nobody touched a stack since. */
function isUnchanged(stack: SeenStack, { stacks, here }: Seen): boolean {
  const now = stacks.find(({ name }) => name === stack.name);
  return (
    now !== undefined && handOn(now, here).kind === "none" && JSON.stringify(now.state) === JSON.stringify(stack.state)
  );
}

import { policyVariables } from "../../base/engine/policies";
import { SCRATCH_PASSPHRASE, withScratchBackend } from "../../base/engine/scratch";
import { type Exported, openOutputs, pendingOf, saltOf } from "../../base/engine/state";
import { parseBuildTag, stackName } from "../../base/model/build-tag";
import { PROMOTION_VARIABLE, type Promotion } from "../../base/model/promotion";
import { NAMESPACE } from "../../base/model/settings";
import type { Job, Outcome } from "./stack";
import type { Target } from "./targets";

/** What the look at one stack needs. */
export interface Look {
  readonly target: Target;
  /** State of the stack; undefined when there is none. */
  readonly state: Exported | undefined;
  /** What nobody may see: reasons, as phrases; empty when everything can be seen. */
  readonly lacking: readonly string[];
  /** The promotion that moves a channel. */
  readonly promotion?: Promotion;
  /** State of another stack, for a stack that is to be created. */
  readonly stateOf: (stack: string) => Promise<Exported | undefined>;
  readonly runJob: (job: Job) => Promise<Outcome>;
}

/** Previews one stack, or says why not; undefined when nothing is there and nothing was to be made. */
export async function look({ target, state, lacking, promotion, stateOf, runJob }: Look): Promise<Outcome | undefined> {
  const { stack, what, kind, isWanted } = target;
  const exists = (state?.deployment.resources ?? []).length > 0;
  const isMade = isWanted || promotion !== undefined;
  if (!exists && !isMade) return kind === "network" ? undefined : absent(target);
  if (lacking.length > 0) return { kind: "unseen", reason: lacking.join("; ") };
  const variables: Readonly<Record<string, string>> = promotion
    ? { [PROMOTION_VARIABLE]: JSON.stringify(promotion) }
    : {};
  if (state && exists) {
    const { length } = pendingOf(state);
    if (length > 0) return interrupted(what, length);
    return runJob({ stack, variables: { ...variables, ...policyVariables(state) }, salt: saltOf(state) });
  }
  // The stack is to be made, and a preview makes none. So it takes place in a backend that is thrown away.
  const references = ["edge", ...(promotion ? [stackName(parseBuildTag(promotion.tag))] : [])];
  const states = await Promise.all(references.map(stateOf));
  const known = references.flatMap((name, i) => {
    const found = states[i];
    return found ? [{ stack: name, outputs: openOutputs(found) }] : [];
  });
  return withScratchBackend(NAMESPACE, [stack], known, (backend) =>
    runJob({
      stack,
      variables: { ...variables, PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: SCRATCH_PASSPHRASE },
    }),
  );
}

const absent = ({ stack, kind }: Target): Outcome => ({
  kind: "absent",
  reason:
    kind === "edge"
      ? "the edge is not deployed; `smeshnet deploy edge` deploys it"
      : `${stack} points to no network yet; its first promotion makes its stack`,
});

/** What an engine left undone is unknown, so a preview would compare with a state that may be wrong. */
const interrupted = (what: string, pending: number): Outcome => ({
  kind: "failed",
  reason:
    `${pending} ${pending === 1 ? "operation" : "operations"} of its last run did not end: it is running now, or was ` +
    `killed; then \`smeshnet recover ${what}\` cleans up`,
});

import { commitsOf } from "../base/clients/git";
import { recordedCommit } from "../base/engine/printed";
import { type Exported, exportedStack, factsIn } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import { type Source, tagMoved } from "../base/model/source";
import type { Deployed, PublicCheck } from "../base/observe/public-view";

/**
 * What a network was deployed as; undefined where its state cannot be read or holds no facts. A failure to read it is
 * told by {@link sourceOf}, which reads the same.
 */
export async function deployedAs(reading: Promise<Exported | undefined>): Promise<Deployed | undefined> {
  const state = await reading.catch(() => undefined);
  return state && factsIn(state);
}

/**
 * What a build tag names at the remote, and what was deployed. Undefined when either is not known here: the services of
 * a network can be checked without access to its state. Progress says why.
 * @param reading the state of the tag's stack
 */
export async function sourceOf(
  tag: BuildTag,
  { nodeRepository: repository }: Pick<Settings, "nodeRepository">,
  run: Run,
  reading: Promise<Exported | undefined> = exportedStack(stackName(tag), run),
): Promise<Source | undefined> {
  const text = buildTag(tag);
  try {
    const [state, [tagged]] = await together(reading, commitsOf(repository, [`refs/tags/${text}`]));
    const deployed = recordedCommit(state);
    if (deployed !== undefined) return { tag: text, repository, deployed, tagged };
    run.say(`tag not compared: no deployment of ${text} in this backend`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`tag not compared: ${error.what.replace(/\.$/, "")}`);
  }
  return undefined;
}

/** Whether a build tag still names what was deployed, as a line of a network's status, and the error if not. */
export function tagCheck(source: Source): { readonly check: PublicCheck; readonly moved: UserError | undefined } {
  const { tag, repository, deployed, tagged } = source;
  const moved = tagMoved(source);
  const points =
    tagged === undefined ? `${tag} is gone from ${repository}` : `${tag} points to ${tagged} in ${repository}`;
  const saw = moved ? `${points}, the network runs ${deployed}` : `${points}, which the network runs`;
  return { check: { what: "tag", ok: moved === undefined, saw }, moved };
}

import { UserError } from "../infra/base/lib/errors";
import { type BuildTag, buildTag } from "../infra/base/model/build-tag";
import { isGuard, isNetworkStep } from "../infra/base/model/steps";
import { changesOf } from "./checks/network";
import type { Resource } from "./checks/value";
import type { Deployed } from "./deployed";

const FIX = "Deploy this as a new build, or promote another network first.";

/** What this policy learns of a resource: also the URNs that the resource had before. */
export interface Registered extends Resource {
  readonly aliases: readonly string[];
}

/**
 * A network that a channel points to stays as it is: no update runs its step again with other input, and no program
 * leaves the step out.
 *
 * What the engine shows to a policy, and so the limits of this one:
 * - It shows inputs, not operations. The stored inputs come from the stack's state. A replacement that is asked for by
 *   hand (`pulumi up --replace URN`) changes no input and is not seen.
 * - It shows no removals. A step that is missing is noticed when the guard registers, which every version stack does
 *   last, or at the end of a preview. A program without guard removes the guard first, whose own step then refuses.
 * - It asks no policy about a destroy. There the guard's step refuses too.
 */
export class PromotedNetwork {
  private readonly seen = new Set<string>();
  private told = false;

  constructor(
    private readonly tag: BuildTag,
    private readonly deployed: Pick<Deployed, "network" | "pointing">,
  ) {}

  /** Violations by a resource of the program. */
  async violations({ urn, aliases, properties }: Registered): Promise<readonly string[]> {
    for (const name of [urn, ...aliases]) this.seen.add(name);
    if (isGuard(urn)) return this.missing();
    if (!isNetworkStep(urn)) return [];
    return this.unlessFree(async () => {
      const stored = await this.deployed.network();
      const changes = stored ? changesOf(stored.inputs, properties) : [];
      return changes.length > 0 ? `would run its network's step again (${changes.join(", ")} changed)` : undefined;
    });
  }

  /** Violations by what the whole program lacks; once. */
  async missing(): Promise<readonly string[]> {
    if (this.told) return [];
    const found = await this.unlessFree(async () => {
      const stored = await this.deployed.network();
      return stored && !this.seen.has(stored.urn) ? "would remove its network" : undefined;
    });
    this.told = found.length > 0;
    return found;
  }

  /** A violation if an update would do harm, unless no channel points to the network. */
  private async unlessFree(harm: () => Promise<string | undefined>): Promise<readonly string[]> {
    try {
      const does = await harm();
      const channels = does === undefined ? [] : await this.deployed.pointing();
      return channels.length > 0
        ? [`${channels.join(", ")} points to ${buildTag(this.tag)}, and this update ${does}. ${FIX}`]
        : [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [`Whether this update harms ${buildTag(this.tag)} is unknown: ${error.message}`];
    }
  }
}

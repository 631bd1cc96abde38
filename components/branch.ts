import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Superseded } from "../infra/base/model/trailers";
import { documentOf, step } from "./step";

/** What the step prints, in the part that is read. */
const Moved = z.object({
  commit: z.string(),
  supersedes: z.object({ tag: z.string(), why: z.string() }).optional(),
});

export interface BranchArgs {
  /** Name of the branch, e.g. `devnet`. */
  readonly branch: string;
  /** URL of the node repository, as git takes it. */
  readonly repository: string;
  /** Tag whose commit the branch will point to, e.g. `v1.2.3+1`. */
  readonly tag: string;
  /** The commit that was decided before, 40 or 64 hexadecimal digits; without it the tag's commit at that time. */
  readonly commit?: pulumi.Input<string>;
  /** The move of a channel, by its generation: the branch moves again with each, since a killed one may have moved it. */
  readonly move?: string;
}

/**
 * A branch of the node repository that follows this network, such as `devnet`. It moves with a lease on its old value.
 * A destroy leaves it where it is.
 */
export class Branch extends pulumi.ComponentResource {
  /** The commit that the branch points to, 40 or 64 hexadecimal digits. */
  readonly commit: pulumi.Output<string>;
  /** The build that the tag supersedes, and why, as the tag's message says; undefined when it does not. */
  readonly supersedes: pulumi.Output<Superseded | undefined>;

  constructor(name: string, args: BranchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Branch", name, {}, opts);
    const { branch, repository, tag, commit, move: generation } = args;
    const environment = {
      NODE_REPOSITORY: repository,
      ...(commit === undefined ? {} : { COMMIT: commit }),
      ...(generation === undefined ? {} : { GENERATION: generation }),
    };
    const move = step(name, { create: ["branch", "move", branch, tag], environment, timeout: 600 }, { parent: this });
    const moved = documentOf(move, name, Moved);
    this.commit = moved.commit;
    this.supersedes = moved.apply(({ supersedes }) => supersedes);
    this.registerOutputs({ commit: this.commit });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { beginningOf } from "../../infra/base/lib/cut";
import type { AnnouncementInput } from "../../infra/base/model/announcement";
import { LONGEST_TRY } from "../../infra/promote/announcement/announce";
import { EMBED_LIMITS } from "../../infra/promote/announcement/message";
import { documentOf, step } from "../step";

/** What the step prints, in the part that is read. */
const Announced = z.object({ state: z.enum(["sent", "doubt"]) });

export interface AnnouncementArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** Content of the announcement. */
  readonly input: pulumi.Input<AnnouncementInput>;
  /** URL of the store, which records what was announced. */
  readonly archive: pulumi.Input<string>;
}

/**
 * The announcement on Discord, sent exactly once per generation of the channel. An uncertain announcement does not fail
 * the update. The webhook's URL comes from the engine's environment (DISCORD_WEBHOOK) and is in no state. A delete does
 * nothing.
 */
export class Announcement extends pulumi.ComponentResource {
  /** `sent`, or `doubt` when a person has to check Discord (`smeshnet announce`). */
  readonly state: pulumi.Output<"sent" | "doubt">;

  constructor(name: string, args: AnnouncementArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Announcement", name, {}, opts);
    const command = step(
      name,
      {
        create: ["announce", args.channel],
        environment: {
          ANNOUNCEMENT: pulumi.output(args.input).apply((input) => JSON.stringify(withinVariableLimit(input))),
          ARCHIVE: args.archive,
        },
        timeout: LONGEST_TRY,
      },
      { parent: this },
    );
    this.state = documentOf(command, name, Announced).apply(({ state }) => state);
    this.registerOutputs({ state: this.state });
  }
}

/** Cuts what no message has room for: Linux limits an environment variable to 128 KiB. */
const withinVariableLimit = (input: AnnouncementInput): AnnouncementInput => ({
  ...input,
  changes: beginningOf(input.changes.trim(), 2 * EMBED_LIMITS.description),
});

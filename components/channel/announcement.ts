import * as pulumi from "@pulumi/pulumi";
import type { AnnouncementInput } from "../../infra/base/model/announcement";
import { LONGEST_TRY } from "../../infra/promote/announcement/announce";
import { EMBED_LIMITS } from "../../infra/promote/announcement/message";
import { documentOf, step } from "../step";

export interface AnnouncementArgs {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** What is announced. */
  readonly input: pulumi.Input<AnnouncementInput>;
  /** URL of the archive store, which keeps what was announced. */
  readonly archive: pulumi.Input<string>;
}

/**
 * The announcement on Discord, sent exactly once for each generation of the channel; a doubt does not fail the update.
 * The webhook's URL comes from the engine's environment (DISCORD_WEBHOOK) and is in no state. Nothing happens on delete.
 */
export class Announcement extends pulumi.ComponentResource {
  /** `sent`, or `doubt` when a person has to look (scripts/announce.ts). */
  readonly state: pulumi.Output<"sent" | "doubt">;

  constructor(name: string, args: AnnouncementArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Announcement", name, {}, opts);
    const command = step(
      name,
      {
        create: `announce ${args.channel}`,
        environment: {
          ANNOUNCEMENT: pulumi.output(args.input).apply((input) => JSON.stringify(withinVariableLimit(input))),
          ARCHIVE: args.archive,
        },
        timeout: LONGEST_TRY,
      },
      { parent: this },
    );
    this.state = documentOf<{ state: "sent" | "doubt" }>(command).apply(({ state }) => state);
    this.registerOutputs({ state: this.state });
  }
}

/** Without what no message has room for: an environment variable may hold 128 KiB only. */
const withinVariableLimit = (input: AnnouncementInput): AnnouncementInput => ({
  ...input,
  changes: input.changes.trim().slice(0, 2 * EMBED_LIMITS.description),
});

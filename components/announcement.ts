import * as pulumi from "@pulumi/pulumi";
import { LONGEST_TRY } from "../infra/announcement/announce";
import type { AnnouncementInput } from "../infra/announcement/input";
import { EMBED_LIMITS } from "../infra/announcement/payload";
import { documentOf, verb } from "./verb";

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
    const command = verb(
      name,
      {
        create: `announce ${args.channel}`,
        environment: {
          ANNOUNCEMENT: pulumi.output(args.input).apply((input) => JSON.stringify(handy(input))),
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
const handy = (input: AnnouncementInput): AnnouncementInput => ({
  ...input,
  changes: input.changes.trim().slice(0, 2 * EMBED_LIMITS.description),
});

import { isAbsolute, resolve } from "node:path";
import { parseBuildTag, parseReleaseTag } from "../model/build-tag";
import { whole } from "../model/formats";
import { argument, as, flag, optionalArgument, type Reader, restArgument, toggle } from "./command";

/** A file is named from the folder in which the command was typed; smeshnet.cjs keeps it. */
export const file: Reader<string> = (text) =>
  isAbsolute(text) ? text : resolve(process.env.SMESHNET_CALLED_FROM ?? ".", text);

const generation = whole(0, 999_999_999).describe("a generation, e.g. 3");

export const buildTagArgument = argument("TAG", parseBuildTag, "Build tag of the network, e.g. v1.2.3+1.", {
  completes: "networks",
});

export const optionalBuildTag = optionalArgument("TAG", parseBuildTag, "Build tag of the network, e.g. v1.2.3+1.", {
  completes: "networks",
});

export const buildTags = restArgument("TAG", parseBuildTag, "Build tags of networks, e.g. v1.2.3+1.", {
  completes: "networks",
});

export const releaseArgument = argument("RELEASE", parseReleaseTag, "Release tag, e.g. v1.2.3.");

export const eventsFlag = flag(
  "FILE",
  file,
  'Write the engine\'s events to FILE, one per line: {"at": milliseconds since 1970, "event": ...}.',
);

/** The flags that promote and demote share. */
export const channelFlags = {
  channel: flag("NAME", (text) => text, "Channel to move. Required when there are several.", { completes: "channels" }),
  against: flag(
    "N",
    as(generation),
    "Generation that you planned against (see --preview). The command fails if the channel has moved on.",
  ),
  preview: toggle("Show the plan and change nothing."),
  json: toggle("Print the promotion as JSON; with --preview print the plan."),
  events: eventsFlag,
};

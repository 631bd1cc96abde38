import { z } from "zod";
import type { AnnouncementInput } from "./announcement/input";
import type { NetworkRecord } from "./archive/archive";
import { hostLabel, parseBuildTag, releaseTag } from "./build-tag";
import type { Channel } from "./channels";
import type { Endpoints } from "./endpoints";
import { dnsName, hostPort, label, pageUrl, whole as wholeText } from "./forms";
import { COMPONENTS, type Manifest } from "./manifest";
import type { NetworkFacts } from "./network-facts";
import type { NetworkSpec } from "./network-spec";
import type { Promotion } from "./promotion/promotion";

/**
 * The JSON documents that the stack's program hands to verbs, with the form of what the verbs use of them. Keys besides
 * these are let through: a network's documents outlive the checkout that wrote them.
 */

const text = z.string("text").min(1, "text");
const whole = (least: number) => {
  const wanted = `a whole number from ${least}`;
  return z.int(wanted).min(least, wanted);
};
const tag = z.string("a build tag, e.g. v1.2.3+1").refine(isBuildTag, "a build tag, e.g. v1.2.3+1");
const place = z.string("HOST:PORT").refine((value) => hostPort.safeParse(value).success, "HOST:PORT");
const url = z.string("a URL").refine(URL.canParse, "a URL");
const time = z
  .string("a time, e.g. 2026-01-01T00:00:00Z")
  .refine((value) => !Number.isNaN(Date.parse(value)), "a time, e.g. 2026-01-01T00:00:00Z");
const loose = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, "an object");

const phases = loose({ phaseShift: whole(0), cycleGap: whole(0) });

export const poetPhases: z.ZodType<{ readonly phaseShift: number; readonly cycleGap: number }> = phases.describe(
  'a poet\'s phases in seconds, {"phaseShift": s, "cycleGap": s},',
);

export const networkSpec: z.ZodType<NetworkSpec> = loose({
  tag,
  cluster: text,
  miners: whole(1),
  bootnodes: whole(1),
  poets: whole(1),
  genesisDelay: whole(0),
  layerDuration: whole(1),
  layersPerEpoch: whole(1),
  netId: whole(1),
  poetPhases: phases,
  images: loose({ node: text, poet: text }),
  versions: loose({ explorer: text, dashboard: text, smapp: text }),
  gcp: loose({ project: text, location: text, zone: text }),
  timeout: whole(1),
})
  // Whatever is half-made in the cluster of this name would be removed.
  .refine((spec) => spec.cluster === hostLabel(parseBuildTag(spec.tag)), {
    path: ["cluster"],
    error: "the tag's own cluster, e.g. v1-2-3-1",
  })
  .describe("the network's spec (infra/network-spec.ts)");

export const networkFacts: z.ZodType<NetworkFacts> = loose({
  tag,
  cluster: text,
  genesisTime: time,
  layerDuration: whole(1),
  layersPerEpoch: whole(1),
  netId: whole(1),
  nodes: z.array(loose({ name: text, grpc: place, json: place }), "a list"),
  poets: z.array(loose({ name: text, rest: place }), "a list"),
  nodeConfig: text,
}).describe("the network's facts (infra/network-facts.ts)");

export const endpoints: z.ZodType<Endpoints> = loose({
  pageHost: text,
  apiHost: text,
  explorerHost: text,
  dashHost: text,
  poetHosts: z.array(text, "a list"),
  page: url,
  grpc: url,
  json: url,
  explorer: url,
  explorerApi: url,
  dash: url,
  dashApi: url,
  poets: z.array(url, "a list"),
}).describe("the network's public names (infra/endpoints.ts)");

const component = loose({ version: text, link: text, image: text.optional() });

export const manifest: z.ZodType<Manifest> = loose(
  Object.fromEntries(COMPONENTS.map((name) => [name, component])) as Record<keyof Manifest, typeof component>,
).describe("the network's versions (infra/manifest.ts)");

/** A document's name is that of a file in the archive. */
export const networkRecord: z.ZodType<NetworkRecord> = loose({
  tag,
  documents: z.record(
    z.string().regex(/^\w[\w.-]*$/, "the name of a file"),
    z.unknown(),
    "an object with a document for each file name",
  ),
}).describe("the network's record (infra/archive/archive.ts)");

const name = z
  .string("the name of a channel")
  .refine((value) => label.safeParse(value).success, "the name of a channel, e.g. testnet");
const host = z.string("a host").refine((value) => dnsName.safeParse(value).success, "a host");

export const channelList: z.ZodType<readonly Channel[]> = z
  .array(loose({ name, gateway: host }), "a list")
  .describe('the channels, [{"name": "testnet", "gateway": HOST}],');

const kind = z.enum(["promotion", "demotion"], "promotion or demotion");

const promotion = loose({
  schema: z.literal(1, "1"),
  channel: name,
  generation: whole(1),
  kind,
  release: z.string("a release tag, e.g. v1.2.3").regex(/^v\d+\.\d+\.\d+$/, "a release tag, e.g. v1.2.3"),
  tag,
  commit: z.string("a commit").regex(/^[0-9a-f]{40,64}$/, "a commit"),
  reason: text,
  changes: z.string("text"),
});

/** What a channel's program is given when it is to move. */
export const promotionDocument: z.ZodType<Promotion> = promotion.describe(
  "the promotion as scripts/promote.ts writes it down (infra/promotion/promotion.ts)",
);

const link = z
  .string("a URL, http or https, of at most 1024 characters")
  .max(1024, "a URL of at most 1024 characters") // of an embed's field at Discord, where half a URL is none
  .refine((value) => pageUrl.safeParse(value).success, "a URL, http or https");

export const announcementInput: z.ZodType<AnnouncementInput> = loose({
  channel: name,
  generation: whole(1),
  kind,
  release: z.string("the release of the tag, e.g. v1.2.3"),
  tag,
  changes: z.string("text"),
  page: link,
  explorer: link,
  reason: z.string("text").optional(),
})
  .refine((input) => !isBuildTag(input.tag) || releaseTag(parseBuildTag(input.tag)) === input.release, {
    path: ["release"],
    error: "the release of the tag, e.g. v1.2.3",
  })
  .describe("the announcement (infra/announcement/input.ts)");

/** Number of a channel's update, on a command line. */
export const generationNumber: z.ZodType<number> = wholeText(1, Number.MAX_SAFE_INTEGER).describe(
  "the number of the channel's update, from 1",
);

/** Id of a message at Discord, on a command line. */
export const messageNumber = z
  .string()
  .regex(/^\d{1,20}$/)
  .describe("the message's id, a number that Discord shows as Copy Message ID");

/** An entry of the public list, of which a verb compares all and reads the name. */
export const listedEntry = loose({ tag, entry: loose({ netName: tag }) }).describe(
  'the network\'s entry, {"tag", "entry"},',
);

function isBuildTag(value: string): boolean {
  try {
    parseBuildTag(value);
    return true;
  } catch {
    return false;
  }
}

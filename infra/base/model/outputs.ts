import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { shown, UserError } from "../lib/errors";
import { isObject, valueAt } from "../lib/json";
import { Endpoints } from "./endpoints";
import { baseUrl, buildTagText, listOf, nonEmptyText, object, timeText, wholeFrom } from "./formats";
import { NetworkFacts } from "./network-facts";
import { ChannelState, Promotion } from "./promotion";
import { RunningImage } from "./running-image";
import { Versions } from "./versions";

/** Outputs as a program returns them: each is plain, or known only while the engine runs. */
export type Deferred<T> = { readonly [Key in keyof T]: T[Key] | pulumi.Output<T[Key]> };

/** Outputs of the stack `edge`. */
export const EdgeOutputs = object({
  schema: z.literal(1, "1"),
  /** Id of the KV namespace with one key for each network. */
  namespaceId: nonEmptyText,
  /** Base URL of the network list and the pages; ends in a slash. */
  url: z.string("a URL").refine((value) => baseUrl.safeParse(value).success, "a URL that ends in a slash"),
});
export type EdgeOutputs = Readonly<z.infer<typeof EdgeOutputs>>;

/** Outputs of the stack of a build tag. The state holds them once the network is complete. */
export const VersionOutputs = object({
  schema: z.literal(1, "1"),
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  endpoints: Endpoints,
  /** Address of the gateway: IPv4, or a host where the cloud publishes a host. */
  address: nonEmptyText,
  /** Id of the genesis that the nodes report, hexadecimal. */
  genesisId: nonEmptyText,
  facts: NetworkFacts,
  versions: Versions,
  /** What ran when the gateway first answered, by digest; absent in stacks of older releases. */
  images: listOf(RunningImage).optional(),
  /** Names of the public curves that its gateway answers for; absent without monitoring. */
  curves: listOf(nonEmptyText).optional(),
  /** Report of the smoke test (infra/deploy/smoke/report.ts). */
  smoke: z.unknown(),
  /** The commit that was deployed, as the first step recorded it, 40 or 64 hexadecimal digits. */
  commit: nonEmptyText,
  /** Kubeconfig of the cluster. A secret: encrypted in the state and masked in `pulumi stack output`. */
  kubeconfig: z.unknown(),
});
export type VersionOutputs = Readonly<z.infer<typeof VersionOutputs>>;

/** Outputs of the stack of a channel. */
export const ChannelOutputs = object({
  ...ChannelState.shape,
  schema: z.literal(1, "1"),
  network: nonEmptyText,
  promotion: Promotion,
  replaced: listOf(buildTagText),
  movedAt: timeText,
  ttl: wholeFrom(1),
  generation: wholeFrom(1),
  /** Public hosts and URLs of the channel. */
  endpoints: Endpoints,
  /** The promotion's commit, to which the channel's branch points, 40 or 64 hexadecimal digits. */
  commit: nonEmptyText,
  /** State of the announcement (infra/promote/announcement/records.ts). */
  announcement: z.unknown(),
});
export type ChannelOutputs = Readonly<z.infer<typeof ChannelOutputs>>;

/**
 * Reads outputs that a state holds.
 * @param form the schema above that belongs to the stack
 * @throws {UserError} with the first output that is wrong
 */
export function readOutputs<T>(form: z.ZodType<T>, stack: string, outputs: unknown): T {
  const renamed = withPresentNames(outputs);
  const { success, data, error } = form.safeParse(renamed);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  const value = valueAt(renamed, path);
  const state = value === undefined ? "is missing" : `is ${shown(value)}`;
  throw new UserError(
    "OutputsInvalid",
    `The outputs of stack ${stack} are not valid: ${path.join(".") || "everything"} ${state}, expected ${message}.`,
    `Deploy or promote again with the release that made the stack, or check \`pulumi stack output -s ${stack}\`.`,
  );
}

/** Whether the outputs of a version stack are those of a complete network. */
export const isComplete = (outputs: unknown): boolean => isObject(outputs) && outputs.genesisId !== undefined;

/** Outputs with their present names. States of older stacks hold `versions` as `manifest`. */
function withPresentNames(outputs: unknown): unknown {
  if (!isObject(outputs) || outputs.versions !== undefined || outputs.manifest === undefined) return outputs;
  const { manifest, ...others } = outputs;
  return { ...others, versions: manifest };
}

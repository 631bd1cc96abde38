import { z } from "zod";
import { buildTagText, looseObject } from "../base/model/formats";
import type { NodeSample } from "../base/model/sample";

/** What to keep of a network besides the contents of its cluster. */
export const NetworkRecord = looseObject({
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** Documents by file name: stack outputs, config, smoke report. */
  documents: z.record(
    z.string().regex(/^\w[\w.-]*$/, "the name of a file"),
    z.unknown(),
    "an object with a document for each file name",
  ),
}).describe("the network's record (infra/archive/documents.ts)");
export type NetworkRecord = Readonly<z.infer<typeof NetworkRecord>>;

/** The stack's outputs, and their smoke report once more under its own name. */
export function outputDocuments(outputs: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  if (!outputs) return {};
  return { "outputs.json": outputs, ...(outputs.smoke === undefined ? {} : { "smoke.json": outputs.smoke }) };
}

/** The samples as samples.json holds them, which is a stored format. */
export const samplesDocument = (samples: readonly NodeSample[]): unknown[] =>
  samples.map((sample) => {
    const { node, at } = sample;
    if (!sample.reachable) return { node, at, reachable: false };
    const { synced, topLayer, syncedLayer, verifiedLayer } = sample;
    return { node, at, reachable: true, synced, topLayer, syncedLayer, verifiedLayer };
  });

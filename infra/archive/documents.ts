import { z } from "zod";
import { buildTagText, looseObject } from "../base/model/formats";
import type { NetworkRecord } from "./run";

/** A document's name is that of a file in the archive. */
export const networkRecordSchema: z.ZodType<NetworkRecord> = looseObject({
  tag: buildTagText,
  documents: z.record(
    z.string().regex(/^\w[\w.-]*$/, "the name of a file"),
    z.unknown(),
    "an object with a document for each file name",
  ),
}).describe("the network's record (infra/archive/run.ts)");

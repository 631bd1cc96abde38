import { z } from "zod";
import { isOfLife, type Life } from "../archive/life";
import { type ArchiveManifest, DamagedManifest, folderOfManifest, manifestsOf } from "../archive/manifest";
import { tryManifest } from "../archive/verify";
import { parsedJson } from "../base/lib/json";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

/** A check of the smoke test that did not pass. */
export interface FailedCheck {
  readonly name: string;
  readonly saw: string;
}

/** The smoke test, as its report in the archive tells. */
export interface SmokeFacts {
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly passed: boolean;
  readonly checks: number;
  readonly failed: readonly FailedCheck[];
}

/** An archive with what its documents tell. */
export interface Archived {
  /** Key of its manifest in the store. */
  readonly key: string;
  readonly manifest: ArchiveManifest;
  readonly commit?: string;
  readonly genesisTime?: string;
  readonly layerDuration?: number;
  readonly smoke?: SmokeFacts;
}

// The documents are what a deployment left, perhaps an older one: what is not as expected is left out.
const Smoke = z.looseObject({
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  passed: z.boolean(),
  checks: z.array(z.looseObject({ name: z.string(), status: z.string(), saw: z.string() })),
});
const Outputs = z.looseObject({ commit: z.string().optional() });
const Facts = z.looseObject({ genesisTime: z.iso.datetime(), layerDuration: z.number() });

/**
 * The newest intact archive of a life of a tag.
 * @param life any archive counts without it
 * @throws {UserError} when the store cannot be read
 */
export async function newestArchive(store: Store, tag: string, life?: Life): Promise<Archived | undefined> {
  for (const key of (await manifestsOf(store, tag)).reverse()) {
    const manifest = await tryManifest(store, key);
    if (manifest instanceof DamagedManifest) continue;
    if (life && !isOfLife(manifest, life)) continue;
    const read = async <T>(name: string, form: z.ZodType<T>): Promise<T | undefined> => {
      if (!manifest.objects.some((object) => object.key === name)) return undefined;
      return form.safeParse(parsedJson(await textOf(store.get(folderOfManifest(key) + name)))).data;
    };
    const outputs = await read("outputs.json", Outputs);
    const facts = await read("facts.json", Facts);
    const smoke = await read("smoke.json", Smoke);
    return {
      key,
      manifest,
      ...(outputs?.commit !== undefined && { commit: outputs.commit }),
      ...(facts && { genesisTime: facts.genesisTime, layerDuration: facts.layerDuration }),
      ...(smoke && { smoke: smokeFacts(smoke) }),
    };
  }
  return undefined;
}

const smokeFacts = ({ startedAt, finishedAt, passed, checks }: z.infer<typeof Smoke>): SmokeFacts => ({
  startedAt,
  finishedAt,
  passed,
  checks: checks.length,
  failed: checks.filter(({ status }) => status !== "passed").map(({ name, saw }) => ({ name, saw })),
});

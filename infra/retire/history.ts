import { gapsInWords } from "../archive/gaps";
import { isOfLife, type Life } from "../archive/life";
import { folderOfManifest, manifestsOf } from "../archive/manifest";
import { readManifest } from "../archive/verify";
import type { Cloudflare } from "../base/clients/cloudflare";
import { removeFailure, storedFailure } from "../base/clients/failures";
import { UserError } from "../base/lib/errors";
import { isObject, parsedJson } from "../base/lib/json";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { buildTag } from "../base/model/build-tag";
import { edgeUrls, historyKey } from "../base/model/edge";
import type { HistoryRecord, LastSeen } from "../base/model/history-record";
import type { HistoryVerdict } from "../base/model/verdict";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import { type Gone, nothingLeft, type SearchedSystems } from "./leftovers";
import { keepRecord } from "./records";

/** The end of a network's life. */
export interface HistoryClosing extends Gone {
  readonly cloudflare: Gone["cloudflare"] & Pick<Cloudflare, "putKv" | "removeKv">;
  /** When the life began, RFC 3339. */
  readonly openedAt: string;
  /** Id of the life; absent in stacks from before ids. */
  readonly life?: string;
  /** URL of the records store, for the link to the archive. */
  readonly storeUrl: string;
  readonly store: Store;
  /** Base URL of the edge. */
  readonly discoveryUrl: string;
  readonly why: string;
  readonly verdict: HistoryVerdict;
}

/** What the step prints: the key of the record, the page that shows it, and the record that is there now. */
export interface ClosedHistory {
  readonly key: string;
  readonly page: string;
  readonly record: unknown;
}

/**
 * Closes the history of a network: checks that nothing is left of it, then writes its permanent record. A record that
 * exists already is never changed.
 * @throws {UserError} when something is left, or a system does not answer
 */
export async function closeHistory(
  closing: HistoryClosing,
  run: Run,
  systems?: SearchedSystems,
): Promise<ClosedHistory> {
  const { tag, openedAt, life, storeUrl, store, namespace, cloudflare, discoveryUrl, why, verdict } = closing;
  const text = buildTag(tag);
  await nothingLeft(closing, run, systems);
  run.say(`${text}: nothing is left of the network`);
  const [archive, failure] = await together(
    lastArchive(store, text, { openedAt, life }),
    storedFailure(cloudflare, namespace, tag),
  );
  const record: HistoryRecord = {
    schema: 1,
    tag: text,
    openedAt,
    ...(life !== undefined && { life }),
    retiredAt: new Date(run.clock.now()).toISOString(),
    verdict,
    why,
    ...(archive ? { archive: objectUrl(storeUrl, archive.key) } : {}),
    ...(archive?.missing && { missing: archive.missing }),
    ...(archive?.lastSeen ? { lastSeen: archive.lastSeen } : {}),
    ...(failure && { failed: { step: failure.cause.step, saw: failure.cause.saw, at: failure.at } }),
  };
  const key = historyKey(tag, openedAt);
  const kept = await keepRecord({ store, cloudflare, namespace, tag }, record, run);
  await removeFailure(cloudflare, namespace, tag); // the history tells it now
  const { page } = edgeUrls(discoveryUrl, tag);
  run.say(`${text}: recorded in the history, ${page}`);
  return { key, page, record: parsedJson(kept) };
}

/** The archive of a network's life. */
export interface LastArchive {
  /** Key of its manifest in the store. */
  readonly key: string;
  /** What is missing, in words. */
  readonly missing?: readonly string[];
  readonly lastSeen?: LastSeen;
}

/**
 * The newest archive of one life of a tag; undefined when there is none, as for a network that never came up.
 * @throws {UserError} when the store cannot be read
 */
export async function lastArchive(store: Store, tag: string, life: Life): Promise<LastArchive | undefined> {
  for (const key of (await manifestsOf(store, tag)).reverse()) {
    const manifest = await readManifest(store, key).catch(damaged);
    if (!manifest || !isOfLife(manifest, life)) continue;
    const hasSamples = manifest.objects.some((object) => object.key === "samples.json");
    const samples = hasSamples
      ? await textOf(store.get(`${folderOfManifest(key)}samples.json`)).catch(damaged)
      : undefined;
    const missing = manifest.gaps && gapsInWords(manifest.gaps);
    return {
      key,
      ...(missing && { missing }),
      lastSeen: samples === undefined ? undefined : lastSeenIn(parsedJson(samples)),
    };
  }
  return undefined;
}

/** A damaged archive does not stop the history; `smeshnet archive verify` reports it. */
function damaged(error: unknown): undefined {
  if (error instanceof UserError) return undefined;
  throw error;
}

/** URL of an object of a store. The query of the store's URL comes last. */
export function objectUrl(store: string, key: string): string {
  const [, place = store, query = ""] = /^([^?]*)(\?.*)?$/.exec(store) ?? [];
  return `${place.replace(/\/$/, "")}/${key}${query}`;
}

/**
 * The highest layers in an archive's samples.json, which lists a sample of each node; undefined when no node answered.
 */
export function lastSeenIn(samples: unknown): LastSeen | undefined {
  const all = Array.isArray(samples) ? samples.filter(isObject) : [];
  const highest = (name: string) =>
    Math.max(...all.map((sample) => sample[name]).filter((layer): layer is number => Number.isSafeInteger(layer)));
  const seen = { verifiedLayer: highest("verifiedLayer"), topLayer: highest("topLayer") };
  return Object.values(seen).every(Number.isFinite) ? seen : undefined;
}

import { gapsInWords } from "../archive/gaps";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import { edgeUrls } from "../base/model/edge";
import { publicUrl } from "../base/model/endpoints";
import type { StoredRecord } from "../base/model/history-record";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { objectUrl } from "../retire/history";
import { type Archived, newestArchive } from "./archived";
import { commitsBetween, lastHealthyBuild } from "./commits";
import { excerptsOf } from "./excerpts";
import type { FailedDeployment, RecapArchive, RecapFacts } from "./facts";
import { diedOf, isLaterThan, verdictOf } from "./life";
import { nextBuild } from "./next-build";
import { allPromotions, toldPromotion } from "./promotions";
import { simmerOf } from "./simmered";
import { spotlight } from "./spotlight";

/** Where the facts come from. */
export interface RecapSources {
  readonly store: Store;
  readonly settings: Settings;
  /** The network's records in the history at the edge; without them the document tells less. */
  readonly history?: readonly StoredRecord[];
  /** The record of a deployment that failed. */
  readonly failure?: FailedDeployment;
}

/**
 * Gathers the facts of a network's last life.
 * @throws {UserError} when no record tells of the network, or the store cannot be read
 */
export async function gatherFacts(tag: BuildTag, sources: RecapSources, run: Run): Promise<RecapFacts> {
  const { store, settings } = sources;
  const text = buildTag(tag);
  run.say(`${text}: reading the records`);
  const simmered = await simmerOf(store, text);
  const failure = isLaterThan(simmered?.story.watchedFrom, sources.failure?.at) ? undefined : sources.failure;
  const history = lastRecord(sources.history ?? [], simmered?.story.watchedFrom ?? failure?.at);
  const since = history?.openedAt ?? simmered?.story.watchedFrom ?? failure?.at;
  const life = since === undefined ? undefined : { openedAt: since, life: history?.life };
  const archived = await newestArchive(store, text, life);
  if (!simmered && !failure && !history && !archived) throw unknownNetwork(text);

  const promotions = await allPromotions(store, settings.channels);
  const own = promotions.filter((promotion) => promotion.tag === text);
  const verdict = verdictOf({ simmered, history });
  const trouble = diedOf({ simmered, history, verdict });
  const story = simmered && { ...simmered.story, ...(trouble && { trouble }) };
  const commit = simmered?.told.terms.commit ?? archived?.commit ?? failure?.commit ?? own[0]?.commit;
  const healthy =
    commit === undefined
      ? undefined
      : await lastHealthyBuild(
          store,
          tag,
          promotions.filter(({ abandoned }) => !abandoned),
        );
  const next = await nextBuild(settings.nodeRepository, tag, run);
  const light = spotlight({ trouble, layerDuration: simmered?.told.terms.network.layerDuration, failure, archived });
  return {
    schema: 1,
    tag: text,
    ...(commit !== undefined && { commit }),
    ...(history && { openedAt: history.openedAt, retiredAt: history.retiredAt, why: history.why }),
    ...(history?.lastSeen && { lastSeen: history.lastSeen }),
    verdict,
    ...timesOf(simmered?.told.summary ?? archived),
    ...(story && { simmer: story }),
    ...(archived?.smoke && { smoke: archived.smoke }),
    ...(failure && { failure }),
    promotions: await Promise.all(own.map((promotion) => toldPromotion(store, promotion))),
    ...(archived && { archive: archiveFacts(archived) }),
    excerpts: archived && light ? await excerptsOf(store, archived, light.nodes, light.window) : [],
    ...(healthy && commit !== undefined && { commits: await commitsBetween(settings.nodeRepository, healthy, commit) }),
    ...(next && { next }),
    links: linksOf(tag, settings, archived, simmered?.told.state.certifiedAt),
  };
}

/** The record of the network's last life; undefined when the network lived again after it. */
function lastRecord(history: readonly StoredRecord[], alive: string | undefined): StoredRecord | undefined {
  const last = [...history].sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt)).at(-1);
  return last && isLaterThan(alive, last.retiredAt) ? undefined : last;
}

const unknownNetwork = (tag: string): UserError =>
  new UserError(
    "RecapEmpty",
    `No record tells of ${tag}: it was never watched, archived or retired, and no deployment of it failed.`,
    "Check the tag and the setting `archive`.",
    2,
  );

const timesOf = (
  from: { readonly genesisTime?: string; readonly layerDuration?: number } | undefined,
): Pick<RecapFacts, "genesisTime" | "layerDuration"> => ({
  ...(from?.genesisTime !== undefined && { genesisTime: from.genesisTime }),
  ...(from?.layerDuration !== undefined && { layerDuration: from.layerDuration }),
});

const archiveFacts = ({ key, manifest: { closedAt, objects, gap, gaps } }: Archived): RecapArchive => ({
  key,
  closedAt,
  objects: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
  ...(gap !== undefined && { gap }),
  ...(gaps && { missing: gapsInWords(gaps) }),
});

/** A folder of this machine is no public address. */
function linksOf(
  tag: BuildTag,
  settings: Settings,
  archived: Archived | undefined,
  certifiedAt: string | undefined,
): RecapFacts["links"] {
  const { page, certificate } = edgeUrls(publicUrl(settings.discoveryHost, settings), tag);
  const isPublic = archived && !settings.archive.startsWith("file:");
  return {
    page,
    ...(isPublic && { archive: objectUrl(settings.archive, archived.key) }),
    ...(certifiedAt !== undefined && { certificate }),
  };
}

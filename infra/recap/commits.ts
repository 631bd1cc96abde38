import { ownGit, succeeded } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import { withTemporaryFolder } from "../base/lib/temporary";
import { type BuildTag, compareBuildTags, isBuildTag, parseBuildTag } from "../base/model/build-tag";
import { isGood } from "../base/model/verdict";
import type { Store } from "../base/store/contract";
import type { SimmerLog } from "../simmer/log";
import { logsOf } from "../simmer/logs";

/** A build with its commit. */
export interface Built {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** 40 or 64 hexadecimal digits. */
  readonly commit: string;
}

/** The commits since the last healthy build. */
export interface CommitRange {
  readonly from: Built;
  /** Newest first, at most {@link MOST_COMMITS}. */
  readonly commits: readonly { readonly hash: string; readonly subject: string }[];
  /** How many there are in all. */
  readonly count: number;
  /** Why they could not be listed, as a sentence; then there are none. */
  readonly missing?: string;
}

/** Commits that a document lists. */
export const MOST_COMMITS = 50;

/**
 * The last build before this one that did well: a channel pointed to it, or a watcher saw it verify layers and did not
 * retire it.
 * @param promotions of all channels
 * @throws {UserError} when the store cannot be read
 */
export async function lastHealthyBuild(
  store: Store,
  tag: BuildTag,
  promotions: readonly Built[],
): Promise<Built | undefined> {
  const named = (await logsOf(store)).filter((log) => isBuildTag(log.tag));
  const logs = named.map((log) => ({ tag: log.tag, build: () => healthyBuild(log) }));
  const promoted = promotions.map((built) => ({ tag: built.tag, build: async () => built }));
  const before = [...promoted, ...logs]
    .map((one) => ({ ...one, parsed: parseBuildTag(one.tag) }))
    .filter(({ parsed }) => compareBuildTags(parsed, tag) < 0)
    .sort((a, b) => compareBuildTags(b.parsed, a.parsed));
  for (const { build } of before) {
    const built = await build();
    if (built) return { tag: built.tag, commit: built.commit };
  }
  return undefined;
}

/** The build of a log, if its network did well and the commit is known. A log that was changed proves nothing. */
async function healthyBuild(log: SimmerLog): Promise<Built | undefined> {
  try {
    return await readHealthy(log);
  } catch (error) {
    if (error instanceof UserError && error.code === "SimmerEntryInvalid") return undefined;
    throw error;
  }
}

async function readHealthy(log: SimmerLog): Promise<Built | undefined> {
  await log.open();
  const { memory, retirement, certifiedAt } = log.state;
  const wasHealthy = certifiedAt !== undefined || (isGood(memory.verdict) && memory.verified !== undefined);
  if (!wasHealthy || retirement !== undefined) return undefined;
  const { commit } = await log.terms();
  return commit === undefined ? undefined : { tag: log.tag, commit };
}

/**
 * Lists the commits between two builds. A repository that cannot be read is no error: the document says so.
 * @param commit of the later build
 */
export async function commitsBetween(repository: string, from: Built, commit: string): Promise<CommitRange> {
  try {
    return await withTemporaryFolder(async (folder) => {
      // The log needs neither trees nor files. A server that cannot leave them out sends them all.
      const clone = ["clone", "--quiet", "--bare", "--filter=tree:0", repository, folder];
      succeeded(`${repository} cannot be cloned`, await ownGit(clone));
      const range = `${from.commit}..${commit}`;
      const counted = await ownGit(["rev-list", "--count", range, "--"], folder);
      succeeded(`The commits ${range} cannot be listed`, counted);
      const log = ["log", "-z", "--format=%H %s", "--topo-order", "--no-show-signature", `--max-count=${MOST_COMMITS}`];
      const listed = await ownGit([...log, range, "--"], folder);
      succeeded(`The commits ${range} cannot be listed`, listed);
      const commits = listed.stdout.split("\0").filter(Boolean).map(commitIn);
      return { from, commits, count: Number(counted.stdout) };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { from, commits: [], count: 0, missing: error.what };
  }
}

function commitIn(record: string): CommitRange["commits"][number] {
  const space = record.indexOf(" ");
  return { hash: record.slice(0, space), subject: record.slice(space + 1) };
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type ArchivedObject, type ArchiveManifest, manifestKey, renderManifest } from "../../infra/archive/manifest";
import { zstd } from "../../infra/archive/zstd";
import { runWith } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import type { DeploymentFailure } from "../../infra/base/model/deployment-failure";
import type { Settings } from "../../infra/base/model/settings";
import type { Store } from "../../infra/base/store/contract";
import { Meter } from "../../infra/base/store/digest";
import { openStore } from "../../infra/base/store/open";
import type { RecapFacts } from "../../infra/recap/facts";
import { gatherFacts, type RecapSources } from "../../infra/recap/gather";
import { SimmerLog } from "../../infra/simmer/log";
import { layer, NETWORK, THRESHOLDS } from "./judged";
import { KEYED } from "./record-key";
import { settingsWith } from "./settings";
import { IDLE, WatchedNetwork } from "./watched";

const GIT = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/** State roots of the five nodes of a network that is split: no root has a quorum of three. */
const ROOTS = ["aa11bb22cc", "aa11bb22cc", "dd33ee44ff", "dd33ee44ff", "ee55ff6600"];

/** What happens to a played network, by layers of its clock. */
export interface Played {
  /** The last layer that all nodes verify. */
  readonly stuckAt?: number;
  /** The layer from which on the nodes have different state roots. */
  readonly splitAt?: number;
  /** The layer of the clock from which on no node answers. */
  readonly silentAt?: number;
  /** Layers that a watcher looks at; 30 by default. */
  readonly layers?: number;
}

/** A folder with an archive store and a node repository, in which networks lived. */
export class RecapWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "recap-"));
  readonly repository = join(this.folder, "node");
  readonly settings: Settings = settingsWith({
    archive: `file://${this.folder}/store`,
    nodeRepository: this.repository,
  });
  readonly store: Store = openStore(this.settings.archive, KEYED);

  constructor() {
    mkdirSync(this.repository);
    this.git("init", "--quiet");
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Commits, and returns the commit. */
  commit(subject: string): string {
    this.git("commit", "--quiet", "--allow-empty", "--no-gpg-sign", "-m", subject);
    return this.git("rev-parse", "HEAD").trim();
  }

  /** Lets a watcher look at a network from its layer 20 on. */
  async simmer(tag: string, commit: string, { stuckAt, splitAt, silentAt, layers = 30 }: Played = {}): Promise<void> {
    const world = WatchedNetwork.make();
    const log = new SimmerLog(this.store, tag, NETWORK.genesisId);
    const plain = await world.watcher(tag);
    const watcher = await world.watcher(tag, {
      log,
      terms: { network: NETWORK, thresholds: THRESHOLDS, days: 7, day: 86_400, commit },
      limit: 10,
      hands: { ...IDLE, alert: async () => undefined },
      ask: async (at) => {
        const sample = await plain.options.ask(at);
        if (silentAt !== undefined && world.now >= NETWORK.genesisTime + layer(silentAt) * 1000) {
          const nodes = sample.nodes.map(({ node, at }) => ({ node, at, reachable: false as const, error: "gone" }));
          return { ...sample, nodes, roots: undefined };
        }
        if (!sample.roots || splitAt === undefined || sample.roots.layer < splitAt) return sample;
        const byNode = Object.fromEntries(NETWORK.nodes.map((name, i) => [name, ROOTS[i] ?? ""]));
        return { ...sample, roots: { ...sample.roots, byNode } };
      },
    });
    if (stuckAt !== undefined) {
      await world.looks(watcher, stuckAt - 18);
      world.stuckAt = stuckAt;
      await world.looks(watcher, layers - (stuckAt - 18));
    } else await world.looks(watcher, layers);
  }

  /** Archives logs by pod and documents by file name, as the archive step does. */
  async archive(
    tag: string,
    closedAt: string,
    logs: Readonly<Record<string, string | Buffer>>,
    documents: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const key = manifestKey(tag, 1);
    const folder = key.slice(0, -"manifest.json".length);
    const objects: ArchivedObject[] = [];
    for (const [pod, log] of Object.entries(logs)) {
      const bytes = Buffer.from(log);
      const content = new Meter();
      content.count(bytes);
      const digest = content.digest();
      const stored = await this.store.put(`${folder}logs/${pod}.log.zst`, Readable.from([bytes]).pipe(await zstd()));
      const parts = [{ container: "miner", previous: false, offset: 0, ...digest }];
      objects.push({ key: `logs/${pod}.log.zst`, ...stored, content: digest, parts });
    }
    for (const [name, document] of Object.entries(documents)) {
      objects.push({ key: name, ...(await this.store.put(folder + name, JSON.stringify(document))) });
    }
    const manifest: ArchiveManifest = { schema: 2, tag, closedAt, objects };
    await this.store.put(key, renderManifest(manifest));
    return key;
  }

  facts(tag: string, more: Partial<RecapSources> = {}): Promise<RecapFacts> {
    return gatherFacts(parseBuildTag(tag), { store: this.store, settings: this.settings, ...more }, runWith());
  }

  private git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.repository, env: { ...process.env, ...GIT }, encoding: "utf8" });
  }
}

/** The time of a layer of a played network, some seconds later, as the kubelet writes it. */
export const timeAt = (number: number, seconds = 0): string =>
  new Date(NETWORK.genesisTime + (layer(number) + seconds) * 1000).toISOString();

/** A report of a smoke test of which one check failed. */
export const SMOKE = {
  schema: 1,
  tag: "v1.2.3+1",
  startedAt: "2026-01-01T00:10:00.000Z",
  finishedAt: "2026-01-01T00:20:00.000Z",
  layers: { from: 5, to: 10 },
  checks: [
    { name: "reachable", status: "failed", saw: "miner-3 does not answer at 34.73.1.9:9092" },
    { name: "synced", status: "unmade", saw: "not made, since nodes are missing" },
    { name: "versions", status: "passed", saw: "all nodes run v1.2.3" },
  ],
  passed: false,
};

/** The record of a deployment that failed at its smoke test. */
export const FAILURE: DeploymentFailure = {
  schema: 1,
  tag: "v1.2.3+1",
  at: "2026-01-01T00:20:05.000Z",
  cause: {
    step: "smoke",
    saw: "The smoke test of v1.2.3+1 did not pass: reachable failed: miner-3 does not answer at 34.73.1.9:9092.",
    fix: "Fix what the checks saw, in a new commit.",
  },
  log: { run: "https://github.com/spacemeshos/go-spacemesh/actions/runs/7" },
  others: [],
  mend: "next build",
  again: "smeshnet deploy v1.2.3+1",
  next: { tag: "v1.2.3+2", command: "smeshnet tag build --reason TEXT" },
};

/** The history record of a network. */
export const record = (verdict: string, why: string, retiredAt = "2026-01-03T00:00:00.000Z") => ({
  tag: "v1.2.3+1",
  openedAt: "2025-12-31T23:40:00.000Z",
  retiredAt,
  verdict,
  why,
});

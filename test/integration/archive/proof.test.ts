import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { decompress } from "fzstd";
import { LogArchive } from "../../../components/version/log-archive";
import { RetirementGuard } from "../../../components/version/retirement-guard";
import { folderOfManifest, manifestsOf } from "../../../infra/archive/manifest";
import { readManifest, verify } from "../../../infra/archive/verify";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { linkCommand } from "../../support/channel-world";
import { Engine } from "../../support/engine";
import { AFTER, BEFORE, LogApi } from "../../support/log-api";
import { KEYED } from "../../support/record-key";
import { settingsWith } from "../../support/settings";
import { toolchain } from "../../support/toolchain";

const TAG = "v1.2.3+1";

/**
 * A stack with the steps of a network that matter here, destroyed in this order: guard, DNS, archive, explorer,
 * network.
 */
class Retirement {
  readonly store: Store;
  readonly storeFolder: string;
  private readonly deleted: string;
  private stack: Stack | undefined;

  private readonly bin: string;

  private constructor(
    folder: string,
    readonly api: LogApi,
    private readonly kubeconfig: string,
  ) {
    this.storeFolder = join(folder, "store");
    this.store = openStore(pathToFileURL(this.storeFolder).href, KEYED);
    this.deleted = join(folder, "deleted");
    this.bin = join(folder, "bin");
    for (const empty of [folder, this.storeFolder, this.bin]) mkdirSync(empty);
    writeFileSync(this.deleted, "");
    this.cluster(true);
  }

  /** A stack that is deployed. */
  static async make(engine: Engine, name: string): Promise<Retirement> {
    const api = new LogApi();
    const retirement = new Retirement(join(engine.folder, name), api, await api.start());
    retirement.stack = await engine.stack(name, () => retirement.program(), {
      PATH: [retirement.bin, toolchain().bin, process.env.PATH].join(delimiter),
    });
    await retirement.stack.up();
    return retirement;
  }

  /** Makes gcloud report that the network's cluster exists, or that it does not. */
  cluster(isThere: boolean): void {
    const answer = isThere
      ? `echo '{"status":"RUNNING","createTime":"2026-01-01T00:00:00Z"}'`
      : "echo 'ERROR: (gcloud.container.clusters.describe) ResponseError: code=404, message=Not found: projects/p.' >&2; exit 1";
    writeFileSync(join(this.bin, "gcloud"), `#!/bin/sh\n${answer}\n`);
    chmodSync(join(this.bin, "gcloud"), 0o755);
  }

  /** Destroys the stack. @returns the engine's message when it failed */
  async destroy(environment: Record<string, string> = {}): Promise<string | undefined> {
    const stack = this.stack as Stack;
    Object.assign(stack.workspace.envVars, environment);
    try {
      await stack.destroy({ color: "never" });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** The steps that are deleted so far, in order. */
  gone(): string[] {
    return readFileSync(this.deleted, "utf8").split("\n").filter(Boolean);
  }

  /** The findings in the only complete archive; undefined when there is none. */
  async wrong(): Promise<string[] | undefined> {
    const [key, ...more] = await manifestsOf(this.store, TAG);
    deepStrictEqual(more, []);
    if (!key) return undefined;
    return verify(this.store, folderOfManifest(key), await readManifest(this.store, key));
  }

  object(key: string): string {
    return join(this.storeFolder, "archives", TAG, key);
  }

  private async program(): Promise<void> {
    const settings = settingsWith({ archive: pathToFileURL(this.storeFolder).href });
    const tag = parseBuildTag(TAG);
    const { archive, archiveTimeout: timeout, zoneId } = settings;
    const step = (name: string, before: pulumi.Resource[] = []) =>
      new local.Command(name, { delete: `echo ${name} >> ${this.deleted}` }, { dependsOn: before });
    const network = step("network");
    const logs = new LogArchive(
      "log-archive",
      {
        network: { kubeconfig: pulumi.secret(this.kubeconfig) },
        spec: networkSpec(tag, settings, versionsOf(tag, settings.versions)),
        driver: settings.driver,
        archive,
        documents: { "config.json": settings },
        timeout,
      },
      { dependsOn: step("explorer", [network]) },
    );
    // Channels would need Cloudflare and stacks of their own; guard.test.ts has them.
    new RetirementGuard("guard", { tag: TAG, channels: [], zoneId, archive }, { dependsOn: step("dns", [logs]) });
  }
}

describe("a destroy and its archive, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  let retirement: Retirement;
  let count = 0;

  before(() => {
    engine = new Engine(["command-v1.2.1"]);
    // The steps of this checkout run in the folder of the engine's own project, where they read the stack's outputs.
    writeFileSync(join(engine.folder, "work/Pulumi.yaml"), "name: standins\nruntime: nodejs\n");
    linkCommand(join(engine.folder, "work"));
  });
  after(() => engine.close());

  beforeEach(async () => {
    count += 1;
    retirement = await Retirement.make(engine, `archive-${count}`);
  });
  afterEach(() => retirement.api.stop());

  /** Fails with one line of an error, which holds some texts, and with nothing of our code. */
  const refused = (said: string | undefined, code: string, ...names: string[]) => {
    const line = said?.split("\n").find((one) => one.trim().startsWith(`error[${code}]: `));
    ok(line, said ?? "it was destroyed");
    for (const name of names) ok(line.includes(name), line);
    doesNotMatch(said ?? "", /^\s+at .+:\d+:\d+/m);
  };

  const finished = async () => {
    strictEqual(await retirement.destroy(), undefined);
    deepStrictEqual(retirement.gone(), ["dns", "explorer", "network"]);
    deepStrictEqual(await retirement.wrong(), []);
  };

  it("refuses before anything changes while the store cannot be written", async () => {
    rmSync(retirement.storeFolder, { recursive: true });
    writeFileSync(retirement.storeFolder, "in the place of the folder");
    refused(await retirement.destroy(), "StoreUnwritable", retirement.storeFolder, "EEXIST");
    deepStrictEqual(retirement.gone(), []);

    rmSync(retirement.storeFolder);
    await finished();
  });

  it("stops before anything is shut down when a byte is missing in the archive", async () => {
    const log = retirement.object("1/logs/miner-1-abc.log.zst");
    retirement.api.onEvents = () => truncateSync(log, readFileSync(log).length - 1);
    refused(await retirement.destroy(), "ArchiveUnverified", "v1.2.3+1", "logs/miner-1-abc.log.zst");
    deepStrictEqual(retirement.gone(), ["dns"]);
    strictEqual(await retirement.wrong(), undefined);

    retirement.api.onEvents = () => undefined;
    await finished();
    const second = readFileSync(retirement.object("2/logs/miner-1-abc.log.zst"));
    strictEqual(String(Buffer.from(decompress(second))), BEFORE + AFTER);
  });

  it("stops when the cluster is gone, and finishes with a reason, which the manifest records", async () => {
    retirement.cluster(false);
    refused(await retirement.destroy(), "ClusterGone", "v1.2.3+1", 'ARCHIVE_GAP="REASON"');
    deepStrictEqual(retirement.gone(), ["dns"]);
    strictEqual(await retirement.wrong(), undefined);

    strictEqual(await retirement.destroy({ ARCHIVE_GAP: "deleted by hand in the console" }), undefined);
    deepStrictEqual(retirement.gone(), ["dns", "explorer", "network"]);
    deepStrictEqual(await retirement.wrong(), []);
    const { gap, objects } = await readManifest(retirement.store, "archives/v1.2.3+1/1/manifest.json");
    strictEqual(gap, "deleted by hand in the console");
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["config.json", "outputs.json"],
    );
  });

  describe("in a store of 1 MiB", () => {
    before(function () {
      if (process.getuid?.() !== 0) this.skip(); // only root may mount
    });
    beforeEach(() => mount("size=1m"));
    afterEach(() => execFileSync("umount", [retirement.storeFolder]));

    const mount = (options: string) =>
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", retirement.storeFolder], { stdio: "pipe" });

    it("stops before anything is shut down when the disk is full, and finishes once there is room", async () => {
      const log = Buffer.concat([Buffer.from("2026-01-01T00:00:00Z "), randomBytes(3_000_000)]);
      const noise = Buffer.from(log.map((byte) => (byte === 0x0a ? 0x0b : byte)));
      retirement.api.sendLog = (response, previous) => response.end(previous ? BEFORE : noise);
      refused(await retirement.destroy(), "StoreUnwritable", retirement.storeFolder, "ENOSPC");
      deepStrictEqual(retirement.gone(), ["dns"]);
      deepStrictEqual(filesBelow(retirement.storeFolder), []);

      mount("remount,size=8m");
      await finished();
    });
  });
});

const filesBelow = (folder: string): string[] =>
  execFileSync("find", [".", "-type", "f", "-printf", "%P\\n"], { cwd: folder, encoding: "utf8" }).match(/.+/g) ?? [];

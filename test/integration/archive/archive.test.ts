import { deepStrictEqual, match, notStrictEqual, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decompress } from "fzstd";
import { manifestsOf } from "../../../infra/archive/manifest";
import { archiveNetwork } from "../../../infra/archive/run";
import { readManifest, verify } from "../../../infra/archive/verify";
import { runWith } from "../../../infra/base/lib/run";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { refusesLater } from "../../support/errors";
import { LogApi } from "../../support/log-api";
import { KEYED } from "../../support/record-key";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const RECORD = { tag: "v1.2.3+1", documents: { "config.json": { miners: 1 } } };

describe("archiveNetwork", () => {
  let folder: string;
  let store: Store;
  let api: LogApi;
  let kubeconfig: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
    store = openStore(`file://${folder}`, KEYED);
    api = new LogApi();
    kubeconfig = await api.start();
  });
  afterEach(() => {
    api.stop();
    rmSync(folder, { recursive: true });
  });

  const archive = (way: string | undefined = kubeconfig, gap?: string) =>
    archiveNetwork({ store, record: RECORD, kubeconfig: way, gap }, runWith());
  const file = (key: string) => join(folder, "archives/v1.2.3+1/1", key);

  it("keeps the logs from now and from before the restart, events, pods and documents", async () => {
    const { objects, gap } = await archive();
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["logs/miner-1-abc.log.zst", "events.json", "pods.json", "config.json"],
    );
    strictEqual(gap, undefined);
    strictEqual(String(Buffer.from(decompress(readFileSync(file("logs/miner-1-abc.log.zst"))))), "before\nafter\n");
    deepStrictEqual(
      objects[0]?.parts?.map(({ sha256, ...part }) => [part, sha256]),
      [
        [{ container: "miner", previous: true, offset: 0, bytes: 7 }, sha256("before\n")],
        [{ container: "miner", previous: false, offset: 7, bytes: 6 }, sha256("after\n")],
      ],
    );
  });

  it("reads back an archive that the same deployment closed before it was killed, instead of making another", async () => {
    const again = (opening: string) => archiveNetwork({ store, record: RECORD, kubeconfig, opening }, runWith());
    const { key } = await again("one");
    strictEqual((await again("one")).key, key);
    truncateSync(file("config.json"), 3);
    const { key: whole } = await again("one");
    notStrictEqual(whole, key, "a damaged one does not count");
    notStrictEqual((await again("another")).key, whole, "one of an earlier deployment");
  });

  it("records the gap when the cluster does not answer and an operator gave a reason", async () => {
    api.stop();
    await refusesLater(archive(), "ClusterSilent", {
      names: ["v1.2.3+1", "`smeshnet retire v1.2.3+1 --gap REASON`", 'ARCHIVE_GAP="REASON"'],
    });
    const { gap } = await archive(kubeconfig, "its control plane is lost");
    strictEqual(gap, "its control plane is lost");
  });

  it("writes a new archive beside an earlier one, which stays as it is", async () => {
    const first = await archive();
    const second = await archive();
    deepStrictEqual(await manifestsOf(store, "v1.2.3+1"), [first.key, second.key]);
  });

  it("notices a byte that is added in the store later", async () => {
    const { key } = await archive();
    const check = async () => verify(store, "archives/v1.2.3+1/1/", await readManifest(store, key));
    deepStrictEqual(await check(), []);
    appendFileSync(file("events.json"), "x");
    match((await check()).join(), /^events\.json is \d+ bytes .*, expected \d+ bytes/);
  });

  it("notices a log that is cut off or changed in the store", async () => {
    const { key } = await archive();
    const log = file("logs/miner-1-abc.log.zst");
    const written = readFileSync(log);
    const check = async () => (await verify(store, "archives/v1.2.3+1/1/", await readManifest(store, key))).join();
    for (const content of [written.subarray(0, written.length - 1), Buffer.alloc(written.length), Buffer.alloc(0)]) {
      writeFileSync(log, content);
      match(await check(), /^logs\/miner-1-abc\.log\.zst is \d+ bytes .*, expected \d+ bytes .*\)$/);
    }
    writeFileSync(log, written);
    deepStrictEqual(await check(), "");
  });

  const broken: [what: string, sendLog: LogApi["sendLog"], code: string, names: string[]][] = [
    [
      "breaks off in the middle",
      (response) => response.write("half a l", () => response.destroy()),
      "ContentBrokeOff",
      ["miner-1-abc.log.zst", "(aborted)"],
    ],
    [
      "is refused",
      (response) => response.writeHead(500).end('{"message":"the node does not answer"}'),
      "ClusterApiFailed",
      ["earlier log of miner-1-abc/miner", "500", "(the node does not answer)"],
    ],
  ];
  for (const [what, sendLog, code, names] of broken) {
    it(`makes no archive when a log ${what}`, async () => {
      api.sendLog = sendLog;
      await refusesLater(archive(), code, { names });
      deepStrictEqual(await manifestsOf(store), []);
    });
  }

  it("refuses an archive whose manifest loses bytes", async () => {
    const lossy: Store = {
      put: (key, content) => store.put(key, content),
      list: (prefix) => store.list(prefix),
      probe: () => store.probe(),
      get(key) {
        if (key.endsWith("manifest.json")) truncateSync(join(folder, key), 100);
        return store.get(key);
      },
    };
    const key = "archives/v1.2.3+1/1/manifest.json";
    const lost = archiveNetwork({ store: lossy, record: RECORD, kubeconfig }, runWith());
    await refusesLater(lost, "ArchiveUnverified", { names: [key] });
    await refusesLater(readManifest(store, key), "ObjectMissing", { names: [key] });
  });

  it("leaves no half object when it is interrupted in the middle of a log", async () => {
    const interrupt = new AbortController();
    api.sendLog = (response) => void response.write("half a l", () => interrupt.abort());
    const { signal } = interrupt;
    await rejects(archiveNetwork({ store, record: RECORD, kubeconfig }, runWith({ signal })));
    const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    deepStrictEqual(left, []);
  });

  it("reports a store that cannot be read", async () => {
    writeFileSync(join(folder, "file"), "in the place of the folder");
    const unreadable = openStore(`file://${folder}/file`, KEYED);
    await refusesLater(
      archiveNetwork({ store: unreadable, record: RECORD, kubeconfig }, runWith()),
      "StoreUnreadable",
      {
        names: [`${folder}/file`, "ENOTDIR"],
      },
    );
  });

  it("needs a reason for a cluster that is gone, and records it", async () => {
    await refusesLater(archiveNetwork({ store, record: RECORD }, runWith()), "ClusterGone", {
      names: ["v1.2.3+1", "`smeshnet retire v1.2.3+1 --gap REASON`", 'ARCHIVE_GAP="REASON"'],
    });
    const { gap, objects } = await archiveNetwork({ store, record: RECORD, gap: "deleted by hand" }, runWith());
    strictEqual(gap, "deleted by hand");
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["config.json"],
    );
  });
});

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
import { QuickClock } from "../../support/late-kv";
import { AFTER, BEFORE, LogApi } from "../../support/log-api";
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
    archiveNetwork({ store, record: RECORD, kubeconfig: way, gap }, runWith({ clock: new QuickClock() }));
  const file = (key: string) => join(folder, "archives/v1.2.3+1/1", key);

  it("keeps the logs from now and from before the restart, events, pods and documents", async () => {
    const { objects, gap } = await archive();
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["logs/miner-1-abc.log.zst", "events.json", "pods.json", "config.json"],
    );
    strictEqual(gap, undefined);
    strictEqual(String(Buffer.from(decompress(readFileSync(file("logs/miner-1-abc.log.zst"))))), BEFORE + AFTER);
    deepStrictEqual(
      objects[0]?.parts?.map(({ sha256, ...part }) => [part, sha256]),
      [
        [{ container: "miner", previous: true, run: 0, offset: 0, bytes: 28 }, sha256(BEFORE)],
        [{ container: "miner", previous: false, run: 1, offset: 28, bytes: 27 }, sha256(AFTER)],
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
    const { gap, gaps } = await archive(kubeconfig, "its control plane is lost");
    strictEqual(gap, "its control plane is lost");
    deepStrictEqual(gaps, [{ kind: "cluster" }]);
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

  const UNREAD = "2026-01-01T00:00:00Z half a l";
  const broken: [what: string, sendLog: LogApi["sendLog"], kind: string, saw: string][] = [
    ["breaks off in the middle", (response) => response.write(UNREAD, () => response.destroy()), "broken", "aborted"],
    [
      "is refused",
      (response) => response.writeHead(500).end('{"message":"the node does not answer"}'),
      "unread",
      "the node does not answer",
    ],
    [
      "is an error of the kubelet with status 200",
      (response) => response.end("unable to retrieve container logs for containerd://2"),
      "unread",
      "unable to retrieve container logs for containerd://2",
    ],
  ];
  for (const [what, sendLog, kind, saw] of broken) {
    const failing: LogApi["sendLog"] = (response, previous) =>
      previous ? response.end(BEFORE) : sendLog(response, previous);

    it(`tries again for minutes, keeps the rest and asks for a reason when a log ${what}`, async () => {
      api.sendLog = failing;
      await refusesLater(archive(), "ArchiveIncomplete", {
        names: ["v1.2.3+1", "miner-1-abc/miner, run 2", saw, "`smeshnet retire v1.2.3+1 --gap REASON`"],
      });
      deepStrictEqual(await manifestsOf(store), []);
      const { key, gap, gaps, objects } = await archive(kubeconfig, "the disk of its node is broken");
      strictEqual(gap, "the disk of its node is broken");
      const place = { pod: "miner-1-abc", container: "miner", runs: { first: 1, last: 1 } };
      const from = kind === "broken" ? { from: "2026-01-01T00:00:00Z" } : {};
      deepStrictEqual(gaps, [{ kind, ...place, ...from, saw }]);
      deepStrictEqual(
        objects[0]?.parts?.map(({ previous, bytes }) => [previous, bytes]),
        [[true, 28], ...(kind === "broken" ? [[false, UNREAD.length]] : [])],
      );
      deepStrictEqual((await readManifest(store, key)).gaps, gaps);
    });

    it(`reads a log that ${what} at first, and has no gap, with a reason too`, async () => {
      for (const reason of [undefined, "its logs may be lost"]) {
        let failures = 2;
        api.sendLog = (response, previous) => {
          if (previous || failures-- <= 0) response.end(previous ? BEFORE : AFTER);
          else sendLog(response, previous);
        };
        const { gap, gaps, objects } = await archive(kubeconfig, reason);
        deepStrictEqual([gap, gaps, objects[0]?.content?.bytes], [undefined, undefined, 55]);
      }
    });
  }

  it("names a previous log that the kubelet has no more, at once and without asking for a reason", async () => {
    const message = 'previous terminated container "miner" in pod "miner-1-abc" not found';
    api.sendLog = (response, previous) =>
      previous ? response.writeHead(400).end(JSON.stringify({ message })) : response.end(AFTER);
    const { gap, gaps, objects } = await archiveNetwork({ store, record: RECORD, kubeconfig }, runWith());
    strictEqual(gap, undefined);
    const place = { pod: "miner-1-abc", container: "miner", runs: { first: 0, last: 0 } };
    deepStrictEqual(gaps, [{ kind: "lost", ...place, saw: message }]);
    strictEqual(objects[0]?.parts?.length, 1);
  });

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
    api.sendLog = (response) => void response.write("2026-01-01T00:00:00Z half a l", () => interrupt.abort());
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

import { deepStrictEqual, match, notStrictEqual, rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decompress } from "fzstd";
import { archiveNetwork, manifestsOf } from "../../../infra/archive/run";
import { readManifest, verify } from "../../../infra/archive/verify";
import { UserError } from "../../../infra/base/lib/errors";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { LogApi } from "../../support/log-api";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const RECORD = { tag: "v1.2.3+1", documents: { "config.json": { miners: 1 } } };

describe("archive of a network", () => {
  let folder: string;
  let store: Store;
  let api: LogApi;
  let kubeconfig: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
    store = openStore(`file://${folder}`);
    api = new LogApi();
    kubeconfig = await api.start();
  });
  afterEach(() => {
    api.stop();
    rmSync(folder, { recursive: true });
  });

  const archive = (way: string | undefined = kubeconfig, gap?: string) =>
    archiveNetwork({ store, record: RECORD, kubeconfig: way, gap, say });
  const say = () => undefined;
  const file = (key: string) => join(folder, "archives/v1.2.3+1/1", key);

  it("keeps the logs of now and of before the restart, events, pods and documents", async () => {
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

  it("is read back, and not made again, when the same deployment's was closed by a run that was killed after that", async () => {
    const earlier = "2026-01-01T00:00:00Z";
    const { key } = await archive();
    const again = (openedAt: string) => archiveNetwork({ store, record: RECORD, kubeconfig, openedAt, say });
    strictEqual((await again(earlier)).key, key);
    truncateSync(file("config.json"), 3);
    const { key: whole } = await again(earlier);
    notStrictEqual(whole, key, "a damaged one does not count");
    notStrictEqual((await again(new Date(Date.now() + 1000).toISOString())).key, whole, "one of an earlier deployment");
  });

  it("names the gap when the cluster does not answer and an operator has said why", async () => {
    api.stop();
    await rejects(
      archive(),
      /^UserError: the cluster of v1\.2\.3\+1 does not answer \(.*\): mend it; if .* ARCHIVE_GAP="reason"/,
    );
    const { gap } = await archive(kubeconfig, "its control plane is lost");
    strictEqual(gap, "its control plane is lost");
  });

  it("is written beside an earlier one, which stays as it is", async () => {
    const first = await archive();
    const second = await archive();
    deepStrictEqual(await manifestsOf(store, "v1.2.3+1"), [first.key, second.key]);
  });

  it("is found out when one byte in the store is added later", async () => {
    const { key } = await archive();
    const check = async () => verify(store, "archives/v1.2.3+1/1/", await readManifest(store, key));
    deepStrictEqual(await check(), []);
    appendFileSync(file("events.json"), "x");
    match((await check()).join(), /^events\.json is \d+ bytes .*, not \d+ bytes/);
  });

  it("is found out when a log in the store is cut off, or no longer what it was", async () => {
    const { key } = await archive();
    const log = file("logs/miner-1-abc.log.zst");
    const written = readFileSync(log);
    const check = async () => (await verify(store, "archives/v1.2.3+1/1/", await readManifest(store, key))).join();
    for (const content of [written.subarray(0, written.length - 1), Buffer.alloc(written.length), Buffer.alloc(0)]) {
      writeFileSync(log, content);
      match(await check(), /^logs\/miner-1-abc\.log\.zst is \d+ bytes .*, not \d+ bytes .*\)$/);
    }
    writeFileSync(log, written);
    deepStrictEqual(await check(), "");
  });

  const broken: [string, LogApi["sendLog"], RegExp][] = [
    [
      "breaks off in the middle",
      (response) => response.write("half a l", () => response.destroy()),
      /miner-1-abc\.log\.zst could not be kept \(aborted\)/,
    ],
    [
      "is refused",
      (response) => response.writeHead(500).end('{"message":"the node does not answer"}'),
      /the earlier log of miner-1-abc\/miner could not be collected: the cluster's API answered 500 \(the node does not answer\)/,
    ],
  ];
  for (const [what, sendLog, message] of broken) {
    it(`is not made when a log ${what}`, async () => {
      api.sendLog = sendLog;
      await rejects(archive(), message);
      deepStrictEqual(await manifestsOf(store), []);
    });
  }

  it("does not count when its manifest loses a byte", async () => {
    const lossy: Store = {
      put: (key, content) => store.put(key, content),
      list: (prefix) => store.list(prefix),
      probe: () => store.probe(),
      get(key) {
        if (key.endsWith("manifest.json")) truncateSync(join(folder, key), 100);
        return store.get(key);
      },
    };
    await rejects(
      archiveNetwork({ store: lossy, record: RECORD, kubeconfig, say }),
      /1\/manifest\.json does not read back as it was written: run this again/,
    );
    await rejects(
      readManifest(store, "archives/v1.2.3+1/1/manifest.json"),
      /is damaged, and the archive does not count/,
    );
  });

  it("leaves no half object when it is interrupted in the middle of a log", async () => {
    const interrupt = new AbortController();
    api.sendLog = (response) => void response.write("half a l", () => interrupt.abort());
    const { signal } = interrupt;
    await rejects(archiveNetwork({ store, record: RECORD, kubeconfig, say, signal }));
    const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    deepStrictEqual(left, []);
  });

  it("says in one line that its store cannot be read", async () => {
    writeFileSync(join(folder, "file"), "in the place of the folder");
    await rejects(
      archiveNetwork({ store: openStore(`file://${folder}/file`), record: RECORD, kubeconfig, say }),
      new UserError(
        `the archive store ${folder}/file cannot be read (ENOTDIR: not a directory, scandir '${folder}/file'): ` +
          "there must be a folder at its place, or none yet",
      ),
    );
  });

  it("of a cluster that is gone needs a reason, which it records", async () => {
    await rejects(archiveNetwork({ store, record: RECORD, say }), /say why with ARCHIVE_GAP=/);
    const { gap, objects } = await archiveNetwork({ store, record: RECORD, gap: "deleted by hand", say });
    strictEqual(gap, "deleted by hand");
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["config.json"],
    );
  });
});

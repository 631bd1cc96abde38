import { deepStrictEqual, strictEqual } from "node:assert";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderOf, openBackend } from "../../../../infra/base/engine/recovery/backend-files";
import { findStack, readCheckpoint } from "../../../../infra/base/engine/recovery/checkpoint";
import { FolderFiles } from "../../../../infra/base/engine/recovery/folder-files";
import { lockText } from "../../../../infra/base/engine/recovery/lock";
import { thisHolder } from "../../../../infra/base/engine/recovery/place";
import { freeLocks, type Guarded, takeStackLock } from "../../../../infra/base/engine/recovery/stack-lock";
import { runWith } from "../../../../infra/base/lib/run";
import { refusesLater } from "../../../support/errors";

const FOLDER = "locks/organization/smeshnet/1_2_3_1";

describe("the lock of a stack", () => {
  let root: string;
  let locks: string;
  let said: string[];
  const run = runWith({ say: (line) => said.push(line) });
  const guarded = (changes: Partial<Guarded> = {}): Guarded => ({
    stack: "1_2_3_1",
    url: `file://${root}`,
    files: new FolderFiles(root),
    folder: FOLDER,
    endOrphans: async () => said.push("orphans"),
    ...changes,
  });
  const put = (name: string, text: string) => writeFileSync(join(locks, name), text);
  /** A lock of a process of this machine that has ended. */
  const dead = () => {
    const holder = thisHolder();
    return lockText("root", holder && { ...holder, start: "1" }, Date.now());
  };
  const foreign = '{"pid":7,"username":"ci","hostname":"runner","timestamp":"2026-11-25T00:11:24Z"}';

  beforeEach(() => {
    said = [];
    root = mkdtempSync(join(tmpdir(), "smeshnet-lock-"));
    locks = join(root, ".pulumi", FOLDER);
    mkdirSync(locks, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is a file that names its holder, and is gone after", async () => {
    const lock = await takeStackLock(guarded(), run);
    const [name = ""] = readdirSync(locks);
    strictEqual(JSON.parse(readFileSync(join(locks, name), "utf8")).smeshnet.pid, process.pid);
    strictEqual(await lock.isHeld(), true);
    await lock.release();
    deepStrictEqual([readdirSync(locks), await lock.isHeld()], [[], false]);
  });

  it("is taken by one of many at a time", async () => {
    let [inside, most] = [0, 0];
    const one = async () => {
      const lock = await takeStackLock(guarded(), run);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      await lock.release();
    };
    await Promise.all([one(), one(), one()]);
    strictEqual(most, 1);
  });

  it("is cleared after a dead holder, file by file, once what it left running has ended", async () => {
    put("a.json", dead());
    put("a.json.attrs", "{}");
    strictEqual(await freeLocks(guarded(), run), true);
    deepStrictEqual(readdirSync(locks), []);
    strictEqual(said[0], "orphans");
    strictEqual(said[1]?.startsWith("1_2_3_1: cleared the lock: its engine was killed (root@"), true, said[1]);
  });

  it("stays when its holder is unknown, and so do the locks beside it", async () => {
    put("a.json", foreign);
    put("b.json", dead());
    await refusesLater(freeLocks(guarded(), run), "StackLocked");
    deepStrictEqual(readdirSync(locks), ["a.json", "b.json"]);
  });

  it("is cleared by force exactly, and another that comes in the meantime stays", async () => {
    put("a.json", foreign);
    const comes = guarded({ force: true, endOrphans: async () => put("b.json", foreign.replace("7", "8")) });
    const files = comes.files;
    const removed: string[] = [];
    const watched = {
      ...comes,
      files: Object.assign(new FolderFiles(root), {
        remove: async (key: string, text: string) => {
          removed.push(key);
          await files.remove(key, text);
          if (existsSync(join(locks, "b.json"))) throw new Error("stop");
        },
      }),
    };
    await freeLocks(watched, run).catch(() => undefined);
    deepStrictEqual([removed, readdirSync(locks)], [[`${FOLDER}/a.json`], ["b.json"]]);
  });

  it("stays when another took its place since it was judged", async () => {
    put("a.json", foreign);
    await new FolderFiles(root).remove(`${FOLDER}/a.json`, dead());
    deepStrictEqual(readFileSync(join(locks, "a.json"), "utf8"), foreign);
  });

  it("is cleared when it is torn and a minute old", async () => {
    for (const [name, text] of [
      ["a.json", ""],
      ["b.json.18ab.tmp", '{"pid":7,'],
    ] as const) {
      put(name, text);
      utimesSync(join(locks, name), new Date(), new Date(Date.now() - 61_000));
    }
    strictEqual(await freeLocks(guarded(), run), true);
    deepStrictEqual(readdirSync(locks), []);
  });

  it("is waited for while its holder lives", async () => {
    const lock = await takeStackLock(guarded(), run);
    const waits = freeLocks(
      guarded(),
      runWith({ say: (line) => said.push(line), clock: { ...run.clock, sleep: lock.release } }),
    );
    strictEqual(await waits, false);
    strictEqual(
      said.some((line) => /is updating it; waiting for it to end/.test(line)),
      true,
    );
  });
});

describe("a state in a folder", () => {
  const KEY = "stacks/smeshnet/1_2_3_1.json";
  const text = (resources: number) =>
    JSON.stringify({
      version: 3,
      checkpoint: {
        stack: "organization/smeshnet/1_2_3_1",
        latest: { manifest: {}, resources: [...Array(resources)].map((_, i) => ({ urn: `u${i}`, type: "t" })) },
      },
    });
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "smeshnet-state-"));
    mkdirSync(join(root, ".pulumi/stacks/smeshnet"), { recursive: true });
    writeFileSync(join(root, ".pulumi", KEY), text(1));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is replaced, with the version before beside it", async () => {
    const files = new FolderFiles(root);
    const present = await files.read(KEY);
    strictEqual(present && (await files.replace(KEY, Buffer.from(text(2)), present)), true);
    deepStrictEqual(
      ["", ".bak"].map((ending) => readFileSync(join(root, ".pulumi", KEY + ending), "utf8")),
      [text(2), text(1)],
    );
  });

  it("is never replaced once a newer one is there", async () => {
    const files = new FolderFiles(root);
    const present = await files.read(KEY);
    writeFileSync(join(root, ".pulumi", KEY), text(3));
    strictEqual(present && (await files.replace(KEY, Buffer.from(text(2)), present)), false);
    strictEqual(readFileSync(join(root, ".pulumi", KEY), "utf8"), text(3));
  });

  it("keeps what we do not know when it is written back", async () => {
    const files = new FolderFiles(root);
    const present = await files.read(KEY);
    const stored = readCheckpoint("1_2_3_1", present ?? { bytes: Buffer.alloc(0), version: "" });
    deepStrictEqual(JSON.parse(stored.bytesWith(stored.state).toString()), JSON.parse(text(1)));
    deepStrictEqual(await findStack(files, "smeshnet", "1_2_3_1"), { locks: FOLDER, state: KEY });
    strictEqual(await findStack(files, "smeshnet", "1_2_3_2"), undefined);
  });
});

describe("a backend", () => {
  it("is a folder in any of the engine's spellings, a bucket, or none that we see", () => {
    strictEqual(folderOf("file:///my%20state?no_tmp_dir=true"), "/my state");
    strictEqual(folderOf("file://~/state"), join(process.env.HOME ?? "", "state"));
    strictEqual(folderOf("file://./state"), join(process.cwd(), "state"));
    for (const url of ["file:///state", "gs://bucket/x", "s3://bucket?region=eu-west-1&awssdk=v2&endpoint=minio:9000"])
      strictEqual(openBackend(url) === undefined, false, url);
    for (const url of ["https://api.pulumi.com", "azblob://container"]) strictEqual(openBackend(url), undefined, url);
  });
});

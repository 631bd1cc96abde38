import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { EngineRecord } from "../../../../infra/base/engine/recovery/engine-records";
import {
  type Here,
  judge,
  judgeFile,
  type Lock,
  lockText,
  readLock,
} from "../../../../infra/base/engine/recovery/lock";
import { isEngineName, type Neighbour } from "../../../../infra/base/engine/recovery/neighbours";
import { orphanedPlugins } from "../../../../infra/base/engine/recovery/orphans";
import { type Holder, type Place, startIn } from "../../../../infra/base/engine/recovery/place";
import { isSurelySameWorld } from "../../../../infra/base/lib/worlds";

const TAKEN = Date.parse("2026-11-25T00:11:24Z");
const WHOLE = "pid:[4026531836]";
const CONTAINER = "pid:[4026532200]";
const PLACE: Place = { host: "vm", boot: "boot-1", namespace: WHOLE, machine: "machine-1" };
const HOLDER: Holder = { ...PLACE, pid: 15853, start: "1000" };

/** A lock of a bare `pulumi up`, unless changed. */
const lock = (changes: Partial<Lock> = {}): Lock => ({
  user: "root",
  host: "vm",
  pid: 15853,
  since: "2026-11-25T00:11:24Z",
  ...changes,
});

/** A machine that was started an hour before the lock, with certain processes and records. */
function here(
  processes: Readonly<Record<number, Neighbour>> = {},
  changes: Partial<Here> & { readonly numbered?: readonly number[] } = {},
): Here {
  return {
    host: "vm",
    place: PLACE,
    seesAll: true,
    bootedAt: TAKEN - 3_600_000,
    neighbours: { at: (pid) => processes[pid] ?? { kind: "none" }, enginesNumbered: () => changes.numbered ?? [] },
    engines: [],
    ...changes,
  };
}

const engine = (start: string, startedAt = TAKEN - 1000): Neighbour => ({
  kind: "process",
  start,
  startedAt,
  isOther: false,
});
const record = (changes: Partial<EngineRecord> = {}): EngineRecord => ({
  file: "f",
  stack: "1_2_3_1",
  place: PLACE,
  at: TAKEN - 500,
  started: [{ pid: 15853, start: "1000" }],
  ...changes,
});

describe("the holder of a lock", () => {
  const is = (one: Lock, from: Here, isLocal = true) => judge(one, isLocal, from).is;

  it("lives while the process with its number and start does, and is dead after, also when the number is used again", () => {
    const ours = lock({ holder: HOLDER });
    strictEqual(is(ours, here({ 15853: engine("1000") })), "living");
    strictEqual(is(ours, here({ 15853: engine("2000") })), "dead");
    strictEqual(is(ours, here()), "dead");
    strictEqual(is(ours, here({ 15853: { kind: "hidden" } })), "unknown");
  });

  it("is unknown in another container, or on another machine with the same host name", () => {
    strictEqual(is(lock({ holder: { ...HOLDER, namespace: CONTAINER } }), here()), "unknown");
    strictEqual(is(lock({ holder: { ...HOLDER, boot: "boot-2", machine: "machine-2" } }), here()), "unknown");
    strictEqual(is(lock({ holder: { ...HOLDER, boot: "boot-2" } }), here()), "unknown");
  });

  it("is dead when its machine was restarted since, but a container has no machine of its own", () => {
    const before = { ...HOLDER, boot: "boot-0" };
    const restarted = { bootedAt: TAKEN + 1000 };
    strictEqual(is(lock({ holder: before }), here({}, restarted)), "dead");
    strictEqual(is(lock({ holder: { ...before, namespace: CONTAINER } }), here({}, restarted)), "unknown");
    strictEqual(is(lock({ holder: { ...before, machine: undefined } }), here({}, restarted)), "unknown");
  });

  it("is an engine that a command of ours started, by the record that it left", () => {
    const from = (changes: Partial<EngineRecord>, processes = {}) =>
      here(processes, { seesAll: false, engines: [record(changes)] });
    strictEqual(is(lock(), from({})), "dead");
    strictEqual(is(lock(), from({}, { 15853: engine("1000") })), "living");
    strictEqual(is(lock(), from({ started: [{ pid: 12, start: "1000" }] })), "unknown");
    strictEqual(is(lock(), from({ place: { ...PLACE, namespace: CONTAINER } })), "unknown");
    strictEqual(is(lock(), from({ at: TAKEN + 120_000 })), "unknown");
    strictEqual(is(lock(), from({ at: TAKEN - 86_400_000 })), "unknown");
  });

  it("of a bare pulumi is dead only where every process of its kernel can be seen", () => {
    strictEqual(is(lock(), here()), "dead");
    strictEqual(is(lock(), here({}, { seesAll: false })), "unknown");
    strictEqual(is(lock(), here(), false), "unknown");
    strictEqual(is(lock({ host: "laptop" }), here()), "unknown");
    strictEqual(is(lock(), here({}, { place: undefined })), "unknown");
  });

  it("of a bare pulumi lives while an engine has its number, here or in a container", () => {
    strictEqual(is(lock(), here({}, { numbered: [4711] })), "living");
    const process = (startedAt: number, isOther: boolean): Neighbour => ({
      kind: "process",
      start: "1",
      startedAt,
      isOther,
    });
    strictEqual(is(lock(), here({ 15853: process(TAKEN - 1000, false) })), "unknown");
    strictEqual(is(lock(), here({ 15853: process(TAKEN - 1000, true) })), "dead");
    strictEqual(is(lock(), here({ 15853: process(TAKEN + 3_600_000, false) })), "dead");
    strictEqual(is(lock(), here({ 15853: { kind: "hidden" } })), "unknown");
  });

  it("is described by user, host, number and time", () => {
    match(judge(lock(), false, here()).why, /^root@vm \(pid 15853, since 2026-11-25T00:11:24Z\) is updating it or/);
  });
});

describe("a lock's file", () => {
  it("is read with its holder when ours, and without when the engine wrote it", () => {
    const theirs = '{"pid":15853,"username":"root","hostname":"vm","timestamp":"2026-11-25T00:11:24Z"}';
    deepStrictEqual(readLock(theirs), lock());
    const ours = readLock(lockText("root", HOLDER, TAKEN));
    deepStrictEqual([ours?.holder, ours?.since], [HOLDER, "2026-11-25T00:11:24.000Z"]);
  });

  it("is torn when it is empty or half a lock, and then dead after a minute", () => {
    for (const text of ["", '{"pid":15853,"usern', "{}"]) strictEqual(readLock(text), undefined);
    const torn = { key: "a.json", text: "", isLocal: false };
    strictEqual(judgeFile({ ...torn, written: TAKEN }, here(), TAKEN + 59_000).is, "living");
    strictEqual(judgeFile({ ...torn, written: TAKEN }, here(), TAKEN + 60_000).is, "dead");
    strictEqual(judgeFile(torn, here(), TAKEN + 60_000, TAKEN).is, "dead");
    strictEqual(judgeFile(torn, here(), TAKEN + 60_000).is, "living");
  });
});

describe("a process", () => {
  it("is read from /proc, whatever its name holds, and a zombie is none", () => {
    const fields = "1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 77777 100";
    deepStrictEqual(startIn(`42 (a) b) S ${fields}`), { pid: 42, start: "77777" });
    strictEqual(startIn(`42 (pulumi) Z ${fields}`), undefined);
    strictEqual(startIn(""), undefined);
  });

  it("is an engine by its program, also in a folder with a blank", () => {
    for (const program of ["pulumi", "/home/me/my tools/pulumi", "/nix/store/x/bin/.pulumi-wrapped", "pulumi-3.250.0"])
      strictEqual(isEngineName(program), true, program);
    for (const program of ["vim", "/opt/pulumi/bin/node", "pulumi-resource-command", "pulumi-language-nodejs"])
      strictEqual(isEngineName(program), false, program);
  });
});

describe("an orphaned plugin", () => {
  const me = process.getuid?.() ?? 0;
  const plugin = { pid: 21, parent: 900, user: me, args: "/my tools/pulumi-resource-command 127.0.0.1:40093" };
  const around = { isEngine: () => false, sharesPorts: () => true, listens: async () => false };

  it("has no engine, whoever adopted it", async () => {
    deepStrictEqual(await orphanedPlugins([plugin], around), [plugin]);
    deepStrictEqual(await orphanedPlugins([{ ...plugin, parent: 1 }], around), [{ ...plugin, parent: 1 }]);
  });

  it("is none while its parent is an engine, its engine listens, or its ports are those of a container", async () => {
    deepStrictEqual(await orphanedPlugins([plugin], { ...around, isEngine: (pid) => pid === 900 }), []);
    deepStrictEqual(await orphanedPlugins([plugin], { ...around, listens: async (port) => port === 40093 }), []);
    deepStrictEqual(await orphanedPlugins([plugin], { ...around, sharesPorts: () => false }), []);
  });

  it("is of this world only by evidence: the same backend or the same folder", () => {
    const here = { "": "/work", PULUMI_BACKEND_URL: "file:///state" };
    strictEqual(isSurelySameWorld({}, here), false);
    strictEqual(isSurelySameWorld({ "": "/work" }, here), true);
    strictEqual(isSurelySameWorld({ "": "/elsewhere", PULUMI_BACKEND_URL: "file:///state" }, here), true);
    strictEqual(isSurelySameWorld({ "": "/work", PULUMI_BACKEND_URL: "file:///other" }, here), false);
  });
});

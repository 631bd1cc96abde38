import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { type ReadRun, startGaps } from "../../../infra/archive/evidence";
import { needsReason, quoted } from "../../../infra/archive/gaps";
import { Patience } from "../../../infra/archive/patience";
import { gapOf, isFinal, Unread } from "../../../infra/archive/reading";
import { startsOf } from "../../../infra/archive/suspicion";
import { ApiError } from "../../../infra/base/clients/kubernetes/client";
import { runWith } from "../../../infra/base/lib/run";
import { QuickClock } from "../../support/late-kv";

const RUN: ReadRun = {
  ...{ pod: "miner-1-abc", container: "miner", number: 0, isContinued: false, onDisk: 1000 },
  startedAt: "2026-11-20T10:00:00Z",
  first: "2026-11-20T11:00:00.5Z",
};
const MEBI = 1024 * 1024;

describe("startGaps", () => {
  it("names a log that begins long after its container, while the node does not tell the size of its files", () => {
    deepStrictEqual(startGaps([RUN], undefined), [
      {
        ...{ kind: "rotated", pod: "miner-1-abc", container: "miner", runs: { first: 0, last: 0 } },
        ...{ from: RUN.startedAt, to: RUN.first },
      },
    ]);
  });

  it("names it when there are other files, and not when there are none", () => {
    strictEqual(startGaps([RUN], MEBI).length, 1);
    strictEqual(startGaps([RUN], 4096).length, 0);
  });

  it("names a log without a line when there are other files", () => {
    const { first: _, ...silent } = RUN;
    deepStrictEqual([startGaps([silent], MEBI).length, startGaps([silent], 0).length], [1, 0]);
    strictEqual(startGaps([silent], undefined).length, 0, "most silent containers are well");
  });

  it("names no log that begins with its container, and none whose beginning was read", () => {
    deepStrictEqual(startGaps([{ ...RUN, first: "2026-11-20T10:00:59Z" }], MEBI), []);
    deepStrictEqual(startGaps([{ ...RUN, isContinued: true }], MEBI), []);
  });
});

describe("startsOf", () => {
  const inquiry = (status: number | undefined, isLast = false) => ({
    api: {
      namespace: "default",
      log: () => Promise.reject(new Error("not asked")),
      statsOf: () => Promise.reject(status === undefined ? new Error("reset") : new ApiError(status, "no")),
    },
    ...{ node: "n", isLast, signal: new AbortController().signal },
  });

  it("takes a refusal for an answer at once, and tries again only what may come back", async () => {
    for (const status of [400, 403, 404]) strictEqual((await startsOf(inquiry(status), [RUN])).length, 1, `${status}`);
    for (const status of [500, 503, undefined]) {
      await rejects(startsOf(inquiry(status), [RUN]), Unread);
      strictEqual((await startsOf(inquiry(status, true), [RUN])).length, 1);
    }
  });

  it("asks nothing about a log that begins with its container", async () => {
    deepStrictEqual(await startsOf(inquiry(undefined), [{ ...RUN, first: "2026-11-20T10:00:01Z" }]), []);
  });
});

describe("gapOf", () => {
  const run = { ...RUN, uid: "u", isStarter: false, id: "containerd://1", previous: false, ended: false };
  const kindOf = (status: number | undefined, message: string, more: Partial<typeof run> = {}, last?: string) => {
    const gap = gapOf({ ...run, ...more }, new Unread(message, status), false, last);
    return `${gap.kind}${needsReason(gap) ? ", asked for" : ""}`;
  };

  it("asks for a reason only for what the cluster may still have", () => {
    strictEqual(kindOf(500, "dial tcp: no route to host"), "unread, asked for");
    strictEqual(kindOf(undefined, "aborted", {}, "2026-11-20T11:00:00Z"), "broken, asked for");
    strictEqual(kindOf(200, "unable to retrieve container logs for containerd://1"), "unread, asked for");
    strictEqual(kindOf(200, "unable to retrieve container logs for containerd://1", { previous: true }), "lost");
    strictEqual(
      kindOf(200, 'failed to try resolving symlinks in path "/a": lstat /a: no such file or directory'),
      "lost",
    );
    strictEqual(kindOf(400, 'previous terminated container "miner" in pod "a" not found'), "lost");
  });

  it("names a node that is gone", () => {
    strictEqual(gapOf(run, new Unread("no route", 500), true, undefined).kind, "node");
  });

  it("does not try again what the API refuses by the pod's status, but what may come back", () => {
    strictEqual(isFinal(new Unread('previous terminated container "miner" in pod "a" not found', 400)), true);
    strictEqual(isFinal(new Unread('pods "a" not found', 404)), true);
    strictEqual(isFinal(new Unread('nodes "n" not found', 404)), false);
    strictEqual(isFinal(new Unread("no such file or directory", 200)), false);
  });
});

describe("quoted", () => {
  it("makes a line of what others said, without what steers a terminal", () => {
    strictEqual(quoted(" a\n\u001b[31mb\u202e c "), "a [31mb c");
    strictEqual(quoted("x".repeat(1000)).length, 200);
  });
});

describe("Patience", () => {
  it("waits longer each time, up to a minute, for four minutes in all", async () => {
    const clock = new QuickClock();
    const patience = new Patience(runWith({ clock }));
    const waits: number[] = [];
    for (let before = clock.now(); !patience.isOver; before = clock.now()) {
      await patience.wait();
      waits.push((clock.now() - before) / 1000);
    }
    deepStrictEqual(waits, [5, 10, 20, 40, 60, 60, 45]);
  });
});

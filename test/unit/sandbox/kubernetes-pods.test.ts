import { deepStrictEqual, ok, strictEqual } from "node:assert";
import type { V1ContainerStatus, V1PodCondition } from "@kubernetes/client-node";
import { BackOff } from "../../../sandbox/kubernetes/back-off";
import { commandLine, deploymentOf, flagOf } from "../../../sandbox/kubernetes/command-line";
import { podStatus } from "../../../sandbox/kubernetes/pod-status";
import { projectedFiles } from "../../../sandbox/kubernetes/projected-files";
import { poetArguments } from "../../../sandbox/kubernetes/real-programs";

const start = new Date("2026-01-01T00:00:00Z");
const later = new Date("2026-01-01T00:00:09Z");

const container = (state: V1ContainerStatus["state"], ready = false): V1ContainerStatus => ({
  name: "main",
  image: "caddy",
  imageID: "",
  restartCount: 0,
  ready,
  state,
});

const running = { running: { startedAt: start } };
const ended = (exitCode: number) => ({ terminated: { exitCode } });

function statusOf(
  containers: V1ContainerStatus[],
  { restartPolicy = "Always", conditions = [] as readonly V1PodCondition[] } = {},
) {
  const pod = { metadata: { name: "one" }, spec: { containers: [], restartPolicy } };
  const report = { pod, podAddress: "10.3.1.1", hostAddress: "127.3.0.1", startTime: start, containers, conditions };
  return podStatus(report, later);
}

const conditionOf = (status: ReturnType<typeof podStatus>, type: string) =>
  status.conditions?.find((condition) => condition.type === type);

describe("podStatus", () => {
  it("is pending and has no address until a container starts", () => {
    const status = statusOf([container({ waiting: { reason: "ContainerCreating" } })]);
    deepStrictEqual([status.phase, status.podIP], ["Pending", undefined]);
  });

  it("is ready only when every container is ready", () => {
    const status = (ready: boolean) =>
      conditionOf(statusOf([container(running, true), container(running, ready)]), "Ready");
    deepStrictEqual([status(false)?.status, status(true)?.status], ["False", "True"]);
  });

  it("is pending until its init containers are done, and fails with one when nothing is restarted", () => {
    const status = (init: V1ContainerStatus, restartPolicy: string) => {
      const pod = { metadata: { name: "one" }, spec: { containers: [], restartPolicy } };
      const waiting = container({ waiting: { reason: "PodInitializing" } });
      const report = { pod, podAddress: "10.3.1.1", hostAddress: "127.3.0.1", startTime: start, conditions: [] };
      return podStatus({ ...report, initContainers: [init], containers: [waiting] }, later);
    };
    const initializing = status(container(running), "Always");
    deepStrictEqual([initializing.phase, initializing.podIP], ["Pending", "10.3.1.1"]);
    strictEqual(conditionOf(initializing, "Initialized")?.message, "containers with incomplete status: [main]");
    strictEqual(status(container(ended(1)), "Always").phase, "Pending");
    strictEqual(status(container(ended(1)), "Never").phase, "Failed");
    strictEqual(conditionOf(status(container(ended(0), true), "Always"), "Initialized")?.status, "True");
  });

  it("names the unready containers", () => {
    const { message } = conditionOf(statusOf([container(running)]), "ContainersReady") ?? {};
    strictEqual(message, "containers with unready status: [main]");
  });

  it("stays running while a container waits for its restart", () => {
    const crashed = { ...container({ waiting: { reason: "CrashLoopBackOff" } }), lastState: ended(1) };
    strictEqual(statusOf([crashed]).phase, "Running");
  });

  it("succeeds or fails by the exit codes when containers are not restarted", () => {
    const phase = (exitCode: number) => statusOf([container(ended(exitCode))], { restartPolicy: "Never" }).phase;
    deepStrictEqual([phase(0), phase(1)], ["Succeeded", "Failed"]);
  });

  it("keeps the time of a condition whose status does not change", () => {
    const before = [{ type: "Ready", status: "True", lastTransitionTime: start }];
    const timeOf = (ready: boolean) =>
      conditionOf(statusOf([container(running, ready)], { conditions: before }), "Ready")?.lastTransitionTime;
    deepStrictEqual([timeOf(true), timeOf(false)], [start, later]);
  });
});

describe("BackOff", () => {
  it("restarts a container at once, then after growing waits of at most half a minute", () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: 8 }, () => backOff.next(100));
    deepStrictEqual(waits, [0, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  });

  it("restarts a container at once again after it ran for a minute", () => {
    const backOff = new BackOff();
    backOff.next(0);
    ok(backOff.next(0) > 0);
    strictEqual(backOff.next(60_000), 0);
  });
});

describe("projectedFiles", () => {
  const data = new Map([["a.json", Buffer.from("{}")]]);

  it("returns all keys, or the items at their paths", () => {
    strictEqual(projectedFiles(data, undefined, false), data);
    deepStrictEqual(
      projectedFiles(data, [{ key: "a.json", path: "x/b.json" }], false),
      new Map([["x/b.json", Buffer.from("{}")]]),
    );
  });

  it("returns a missing key unless the volume is optional", () => {
    const items = [{ key: "none", path: "none" }];
    deepStrictEqual(projectedFiles(data, items, false), { missing: "none" });
    deepStrictEqual(projectedFiles(data, items, true), new Map());
  });
});

describe("the command line of a real program", () => {
  const shell = { command: ["/bin/sh", "-c"], args: ["/bin/poet --restlisten=0.0.0.0:5000 --jsonlog ; sleep 100"] };

  it("is read from go-spacecraft's line for a shell", () => {
    deepStrictEqual(commandLine(shell), { args: ["--restlisten=0.0.0.0:5000", "--jsonlog"], sleepsAfterwards: true });
  });

  it("is read from command and args without a shell", () => {
    const direct = { command: ["/bin/poet", "--jsonlog"], args: ["--debuglog"] };
    deepStrictEqual(commandLine(direct), { args: ["--jsonlog", "--debuglog"], sleepsAfterwards: false });
  });

  it("keeps a poet's listeners and data in its pod", () => {
    const args = poetArguments(commandLine(shell).args, "127.3.1.1", "/pods/poet");
    deepStrictEqual(
      ["restlisten", "rpclisten", "config-rpclisten", "poetdir"].map((name) => flagOf(args, name)),
      ["127.3.1.1:5000", "127.3.1.1:50002", "127.3.1.1:50001", "/pods/poet"],
    );
    ok(args.includes("--jsonlog"));
  });

  it("has metrics of a poet, which listen at all addresses, only where somebody reads them, at any free port", () => {
    const given = ["--metrics-port=9216", "--jsonlog"];
    const args = (...more: [hasMetrics?: boolean]) => poetArguments(given, "127.3.1.1", "/pods/poet", ...more);
    deepStrictEqual([flagOf(args(), "metrics-port"), args()[0]], [undefined, "--jsonlog"]);
    strictEqual(flagOf(args(true), "metrics-port"), "0");
  });

  it("belongs to the Deployment in the pod's name", () => {
    strictEqual(deploymentOf("poet-1-5f5796fb98-4kjv9"), "poet-1");
  });
});

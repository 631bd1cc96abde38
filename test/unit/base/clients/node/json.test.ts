import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { ApiError } from "../../../../../infra/base/clients/kubernetes/request";
import type { ServiceCall, ServiceProxy } from "../../../../../infra/base/clients/kubernetes/service-proxy";
import { askNode } from "../../../../../infra/base/clients/node/client";
import { CallError } from "../../../../../infra/base/clients/node/connection";
import { jsonPath } from "../../../../../infra/base/clients/node/json";
import { poetInfo } from "../../../../../infra/base/clients/poet";
import { UserError } from "../../../../../infra/base/lib/errors";

const ADDRESS = "miner-1.v1-2-3-1.svc:9092";

/** Answers as nodes of go-spacemesh 1.8.3 did, seen on a real one. */
const ANSWERS: Readonly<Record<string, object>> = {
  "/spacemesh.v2beta1.NodeService/Status": {
    ...{ connectedPeers: "3", status: "SYNC_STATUS_SYNCED" },
    ...{ latestLayer: 24, appliedLayer: 23, processedLayer: 19, currentLayer: 25 },
  },
  "/spacemesh.v2beta1.NetworkService/Info": { genesisId: "CA5i+YByW26ko9LFwMqvMyB+fWI=" },
  "/spacemesh.v2beta1.LayerService/List": { layers: [{ number: 23, stateHash: "waE3" }] },
  "/v1/node/version": { versionString: { value: "v1.8.3" } },
  "/v1/node/build": { buildString: { value: "local" } },
};

class Cluster implements ServiceProxy {
  readonly calls: ServiceCall[] = [];
  constructor(private readonly answer: (path: string) => object | Error | undefined = (path) => ANSWERS[path]) {}

  async ask(call: ServiceCall): Promise<string> {
    this.calls.push(call);
    const answer = this.answer(call.path) ?? new ApiError(404, "Not Found");
    if (answer instanceof Error) throw answer;
    return JSON.stringify(answer);
  }
}

const status = (proxy: ServiceProxy) => askNode({ address: ADDRESS, proxy }, (node) => node.status());
/** The error of a status, when all questions end alike. */
const failure = async (error: Error): Promise<CallError> => {
  const proxy = new Cluster(() => error);
  const thrown: unknown = await status(proxy).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof CallError) return thrown;
  throw new Error(`not the error of a call: ${thrown}`);
};

describe("a node inside a cluster", () => {
  it("tells by its JSON API what others tell by gRPC", async () => {
    const proxy = new Cluster();
    const told = await askNode({ address: ADDRESS, proxy, timeout: 700 }, async (node) => [
      await node.status(),
      await node.genesisId(),
      await node.stateRoot(23),
      await node.version(),
      await node.build(),
    ]);
    const layers = { syncedLayer: 24, topLayer: 25, verifiedLayer: 23 };
    deepStrictEqual(told, [
      { connectedPeers: 3, isSynced: true, ...layers },
      ...["080e62f980725b6ea4a3d2c5c0caaf33207e7d62", "c1a137", "v1.8.3", "local"],
    ]);
    deepStrictEqual(proxy.calls[2], {
      ...{ service: "miner-1", namespace: "v1-2-3-1", port: "jsonport", timeout: 700 },
      path: "/spacemesh.v2beta1.LayerService/List",
      body: '{"start_layer":23,"end_layer":23,"limit":1}',
    });
  });

  it("has short paths for v1 and full names for later methods", () =>
    deepStrictEqual(["spacemesh.v1.MeshService/GenesisID", "spacemesh.v2alpha1.NodeService/Status"].map(jsonPath), [
      "/v1/mesh/genesisid",
      "/spacemesh.v2alpha1.NodeService/Status",
    ]));

  it("is asked in the way of an earlier generation where it lacks a method, as it says by 404 and 501", async () => {
    const v1 = { status: { topLayer: { number: 3 }, syncedLayer: { number: 2 }, verifiedLayer: { number: 1 } } };
    for (const code of [404, 501]) {
      const proxy = new Cluster((path) => (path === "/v1/node/status" ? v1 : new ApiError(code, "no such method")));
      strictEqual((await status(proxy)).topLayer, 3);
      strictEqual(proxy.calls.length, 3);
    }
  });

  it("is not taken for one of an earlier generation when the API server does not find it", async () => {
    const proxy = new Cluster(() => new ApiError(404, 'services "miner-1" not found', "NotFound"));
    await rejects(status(proxy), /miner-1\.v1-2-3-1\.svc:9092 .* UNAVAILABLE \(services "miner-1" not found\)\./);
    strictEqual(proxy.calls.length, 1);
  });

  it("is named with the reason when it does not answer, or may not be asked", async () => {
    const late = Object.assign(new Error("no answer in 700 ms"), { code: "ETIMEDOUT" });
    match((await failure(late)).what, /^miner-1\.v1-2-3-1\.svc:9092 does not .*: DEADLINE_EXCEEDED \(no answer in 700/);
    match((await failure(new ApiError(403, "may not", "Forbidden"))).what, /PERMISSION_DENIED \(may not\)/);
    match((await failure(new ApiError(503, "refused", "ServiceUnavailable"))).what, /UNAVAILABLE \(refused\)/);
    match((await failure(new ApiError(500, "broken"))).what, /UNKNOWN \(broken\)/);
    match((await failure(new Error("reset"))).what, /UNAVAILABLE \(reset\)/);
  });

  it("is not blamed for a missing credential or an interrupt", async () => {
    const mine = new UserError("TestOnly", "There is no credential.", "Log in.");
    await rejects(status(new Cluster(() => mine)), (error) => error === mine);
    const interrupt = Object.assign(new Error("aborted"), { name: "AbortError" });
    await rejects(status(new Cluster(() => interrupt)), (error) => error === interrupt);
  });

  it("cannot be asked without a way into the cluster", async () => {
    await rejects(
      askNode({ address: ADDRESS }, (node) => node.status()),
      /has no kubeconfig/,
    );
    await rejects(poetInfo("poet-1.v1-2-3-1.svc:5000"), /has no kubeconfig/);
  });
});

describe("a poet inside a cluster", () => {
  const ask = (proxy: ServiceProxy) => poetInfo("poet-1.v1-2-3-1.svc:5000", proxy);

  it("is asked by GET at its REST port", async () => {
    const proxy = new Cluster(() => ({ phaseShift: "15s", cycleGap: "10s" }));
    deepStrictEqual(await ask(proxy), { kind: "phases", phaseShift: 15, cycleGap: 10 });
    const [{ body, port, path } = {}] = proxy.calls;
    deepStrictEqual([body, port, path], [undefined, "restport", "/v1/info"]);
  });

  it("is named with the reason when it does not answer", () =>
    rejects(
      ask(new Cluster(() => new ApiError(503, "no endpoints available", "ServiceUnavailable"))),
      /The poet poet-1\.v1-2-3-1\.svc:5000 does not answer by the cluster's API \(no endpoints available\)/,
    ));
});

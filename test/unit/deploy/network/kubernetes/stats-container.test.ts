import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { statsContainer } from "../../../../../infra/deploy/network/kubernetes/stats-container";
import { awaitedFile } from "../../../../../sandbox/kubernetes/command-line";

const INPUT = {
  image: "spacemeshos/explorer-stats-api:v2.1.0",
  genesisTime: "2026-11-28T07:01:06Z",
  layerDuration: 5,
  layersPerEpoch: 8,
  labelsPerUnit: 128,
  hrp: "stest",
};
const environment = (input = INPUT) =>
  Object.fromEntries((statsContainer(input).env ?? []).map(({ name, value }) => [name, value]));

describe("statsContainer", () => {
  it("tells the program where the database is, and how the network's time runs", () => {
    const { SPACEMESH_SQLITE, SPACEMESH_GENESIS_TIME, SPACEMESH_LAYER_DURATION, ...rest } = environment();
    deepStrictEqual(
      [SPACEMESH_SQLITE, SPACEMESH_GENESIS_TIME, SPACEMESH_LAYER_DURATION],
      ["/data/state.sql", "2026-11-28T07:01:06Z", "5s"],
    );
    deepStrictEqual([rest.SPACEMESH_LAYERS_PER_EPOCH, rest.SPACEMESH_LABELS_PER_UNIT], ["8", "128"]);
  });

  it("says that addresses begin with stest only where they do", () => {
    strictEqual(environment().SPACEMESH_TESTNET, "true");
    strictEqual(environment({ ...INPUT, hrp: "sm" }).SPACEMESH_TESTNET, undefined);
  });

  it("keeps answers for a layer, and for five minutes at most", () => {
    deepStrictEqual([environment().SPACEMESH_CACHE_TTL, environment().SPACEMESH_SHORT_CACHE_TTL], ["5s", "5s"]);
    strictEqual(environment({ ...INPUT, layerDuration: 3600 }).SPACEMESH_CACHE_TTL, "300s");
  });

  it("waits for the node's database, as the sandbox plays it too", () => {
    const { command = [], args = [] } = statsContainer(INPUT);
    const env = { SPACEMESH_SQLITE: "/data/state.sql" };
    strictEqual(awaitedFile({ command, args, env }), "/data/state.sql");
    strictEqual(
      awaitedFile({ command: ["/bin/sh", "-c"], args: ["/bin/poet --flag ; sleep 100000000"], env }),
      undefined,
    );
    strictEqual(awaitedFile({ command: [], args, env }), undefined);
  });

  it("opens the port that refreshes to its own pod only", () => {
    match(environment().SPACEMESH_REFRESH_API_LISTEN ?? "", /^127\.0\.0\.1:/);
    deepStrictEqual(
      statsContainer(INPUT).ports?.map(({ containerPort }) => containerPort),
      [5000, 5070],
    );
  });

  it("reads the node's data without a right to write, as a user who is nobody", () => {
    const { volumeMounts, securityContext, readinessProbe } = statsContainer(INPUT);
    deepStrictEqual(volumeMounts, [{ name: "data", mountPath: "/data", readOnly: true }]);
    ok(securityContext?.runAsNonRoot);
    strictEqual(securityContext?.readOnlyRootFilesystem, true);
    strictEqual(readinessProbe?.httpGet?.path, "/overview");
  });
});

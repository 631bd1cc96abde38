import { deepStrictEqual } from "node:assert";
import { findingsIn } from "../../../../infra/review/drift/findings";
import type { Seen } from "../../../../infra/review/drift/look";
import { settingsWith } from "../../../support/settings";
import { HERE, lock, root, stack, stateOf, stepResource } from "./builders";

const EDGE = stack({
  name: "edge",
  state: stateOf([
    root(),
    { urn: "urn::worker", type: "cloudflare:index/workersScript:WorkersScript", id: "smeshnet-edge" },
  ]),
});

/** A look at an edge and one complete network, in which nothing is wrong. */
const seen = (changes: Partial<Seen> = {}): Seen => ({
  here: HERE,
  stacks: [stack(), EDGE],
  living: new Set(["1_2_3_1", "edge"]),
  platform: [],
  records: [{ id: "id of api", name: "api.net.spacemesh.io", comment: "smeshnet v1.2.3+1" }],
  scripts: [{ id: "smeshnet-edge" }],
  domains: [],
  namespaces: [],
  namespace: { accountId: "account", namespaceId: "kv" },
  keys: ["network:1_2_3_1", "page:1_2_3_1"],
  channels: new Map([["testnet", { state: {} }]]),
  announcements: [],
  simmers: new Map(),
  plugins: [],
  processes: [],
  unseen: [],
  ...changes,
});

const found = (changes: Partial<Seen> = {}) =>
  findingsIn(seen(changes), { settings: settingsWith(), credentials: {} }).map(({ what }) => what);

describe("findingsIn", () => {
  it("finds nothing in a world in order", () => deepStrictEqual(found(), []));

  it("finds what only an unreadable stack could own not to be an orphan", () => {
    const stacks = [stack({ state: undefined }), { ...EDGE, state: undefined }];
    deepStrictEqual(found({ stacks }), []);
  });

  it("finds what a running engine makes not to be an orphan", () => {
    const stacks = [stack({ state: stateOf([]), locks: [lock({ pid: 7 })] }), EDGE];
    deepStrictEqual(found({ stacks }), []);
  });

  it("finds nothing where nobody could look", () => {
    const blind = {
      platform: undefined,
      records: undefined,
      keys: undefined,
      scripts: undefined,
      namespace: undefined,
    };
    deepStrictEqual(found({ ...blind, stacks: [stack({ state: stateOf([]) }), EDGE] }), []);
  });

  it("finds all that is ours when no stack is left", () => {
    deepStrictEqual(found({ stacks: [], living: new Set() }), [
      "DNS record api.net.spacemesh.io (undefined undefined)",
      "key network:1_2_3_1",
      "key page:1_2_3_1",
      "Worker smeshnet-edge",
    ]);
  });

  it("tells what a killed deployment left outside its state: the cluster, and processes that still work for it", () => {
    const killed = stack({ state: stateOf([root(), stepResource("history")]), locks: [lock()] });
    const cluster = {
      ...{ kind: "cluster", name: "v1-2-3-1", tag: "v1.2.3+1", state: "PROVISIONING" },
      ...{ evidence: "a record", isRoot: true, isHeld: false, remove: "gcloud" },
    };
    const working = { pid: 9, parent: 1, user: 0, args: "go-spacecraft createNetwork -n v1-2-3-1" };
    const [finding] = findingsIn(seen({ stacks: [killed, EDGE], platform: [cluster], processes: [working] }), {
      settings: settingsWith(),
      credentials: {},
    });
    deepStrictEqual(finding?.left?.slice(-2), [
      "cluster v1-2-3-1 (PROVISIONING)",
      "process 9: go-spacecraft createNetwork -n v1-2-3-1",
    ]);
  });
});

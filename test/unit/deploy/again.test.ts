import { strictEqual } from "node:assert";
import { renderManifest } from "../../../infra/archive/manifest";
import type { Exported } from "../../../infra/base/engine/state";
import { holdsNetwork, holdsNothing } from "../../../infra/base/engine/state";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { whenAdmitted } from "../../../infra/deploy/admission";
import { requireNew } from "../../../infra/deploy/again";
import { SimulatedStore } from "../../simulation/simmer/media";
import { refusesLater } from "../../support/errors";
import { settingsWith } from "../../support/settings";

const TAG = parseBuildTag("v1.2.2+1");
const record = (retiredAt: string) =>
  JSON.stringify({
    schema: 1,
    tag: "v1.2.2+1",
    openedAt: "2026-11-01T00:00:00Z",
    retiredAt,
    verdict: "not judged",
    why: "old",
  });

const resource = (type: string, name: string) => ({ urn: `urn:pulumi:s::smeshnet::x$${type}::${name}`, type });
const state = (...resources: ReturnType<typeof resource>[]): Exported => ({ deployment: { resources } });
const STACK = resource("pulumi:pulumi:Stack", "smeshnet-s");
const EDGE: Exported = {
  deployment: {
    resources: [{ ...STACK, outputs: { schema: 1, namespaceId: "n", url: "https://discover.example.org/" } }],
  },
};

/** A world that remembers some values at the edge. */
function memory(values: Readonly<Record<string, string>> = {}, edge = EDGE) {
  const cloudflare = {
    getKv: async (_: unknown, key: string) => values[key],
    listKv: async (_: unknown, prefix: string) => Object.keys(values).filter((key) => key.startsWith(prefix)),
  };
  return { cloudflare, accountId: "a", edge, store: new SimulatedStore() };
}

const HISTORY = "history:1_2_2_1:2026-11-01T00:00:00Z";

describe("a build that is to be deployed", () => {
  it("is new without any record", async () => {
    await requireNew(TAG, memory());
    await requireNew(TAG, memory({ "history:1_2_2_10:2026-11-01T00:00:00Z": record("2026-11-09T00:00:00Z") }));
    await requireNew(TAG, memory({ [HISTORY]: "no record" }));
    await requireNew(TAG, memory({}, state()));
  });

  it("is refused when it was retired, with the time and the flag", async () => {
    const later = "history:1_2_2_1:2026-11-12T00:00:00Z";
    const values = { [later]: record("2026-11-20T08:00:00Z"), [HISTORY]: record("2026-11-09T00:00:00Z") };
    await refusesLater(requireNew(TAG, memory(values)), "BuildRetired", {
      names: ["v1.2.2+1", "retired at 2026-11-20T08:00:00Z", "`smeshnet deploy v1.2.2+1 --again`"],
    });
  });

  it("is refused when its archive is all that remembers it", async () => {
    const world = memory();
    const closed = { schema: 2, tag: "v1.2.2+1", closedAt: "2026-11-09T00:00:00Z", objects: [] };
    await world.store.put("archives/v1.2.2+1/1/manifest.json", renderManifest(closed));
    await world.store.put("archives/v1.2.2+1/2/manifest.json", "damaged");
    await refusesLater(requireNew(TAG, world), "BuildRetired", { names: ["archived at 2026-11-09T00:00:00Z"] });
    await requireNew(parseBuildTag("v1.2.2+2"), world);
  });

  const admitted = (exported: Exported | undefined, again: boolean) => {
    const { cloudflare, store, edge } = memory({ [HISTORY]: record("2026-11-09T00:00:00Z") });
    const admission = { settings: settingsWith({ networks: 0 }), cloudflare, store, again };
    return whenAdmitted(TAG, { edge }, exported, admission, runWith(), async () => "deployed");
  };

  it("comes back with --again", async () => strictEqual(await admitted(undefined, true), "deployed"));

  it("goes on when its deployment began, and is refused when its stack is empty", async () => {
    strictEqual(await admitted(state(STACK, resource("command:local:Command", "devnext")), false), "deployed");
    for (const empty of [undefined, state(), state(STACK)]) await refusesLater(admitted(empty, false), "BuildRetired");
  });
});

describe("the state of a stack", () => {
  const network = resource("command:local:Command", "network");

  it("holds a network from the beginning of its creation to the end of its removal", () => {
    strictEqual(holdsNetwork(state(STACK, network)), true);
    strictEqual(
      holdsNetwork({
        deployment: { resources: [STACK], pending_operations: [{ type: "creating", resource: network }] },
      }),
      true,
    );
    strictEqual(holdsNetwork(state(STACK, resource("command:local:Command", "devnext"))), false);
  });

  it("holds nothing with the engine's own resources alone", () => {
    strictEqual(holdsNothing(undefined), true);
    strictEqual(holdsNothing(state(STACK, resource("pulumi:providers:command", "default"))), true);
    strictEqual(holdsNothing(state(STACK, network)), false);
  });
});

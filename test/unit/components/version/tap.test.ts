import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { z } from "zod";
import type { Settings } from "../../../../infra/base/model/settings";
import { readConfig, variableOf } from "../../../../tap/config";
import { FACTS_TODAY, VersionStack } from "../../../support/version-stack";

const WANTED: Partial<Settings> = { driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2 };
const FACTS = { ...FACTS_TODAY, genesisId: "c0ffee".padEnd(40, "0") };
const { tap: _, ...WITHOUT } = FACTS;

const Spec = z.object({
  replicas: z.literal(1),
  strategy: z.object({ type: z.literal("Recreate") }),
  template: z.object({
    spec: z.object({
      containers: z.tuple([
        z.object({ image: z.string(), env: z.array(z.object({ name: z.string(), value: z.string() })) }),
      ]),
      volumes: z.array(z.looseObject({ name: z.string() })),
    }),
  }),
});

const podOf = (stack: VersionStack) =>
  Spec.parse(stack.named("kubernetes:apps/v1:Deployment", "tap").inputs.spec).template.spec;
const names = (stack: VersionStack) => stack.resources.map(({ name }) => name);

describe("the tap of a network of today", () => {
  let stack: VersionStack;
  before(async () => {
    stack = await VersionStack.make(WANTED, FACTS);
  });

  it("gets settings that its program takes, and the way to its key alone", () => {
    const variables = Object.fromEntries(podOf(stack).containers[0].env.map(({ name, value }) => [name, value]));
    // Kubernetes puts the address of the Service in.
    const config = readConfig({ ...variables, [variableOf("nodes")]: "10.1.2.3:9092" });
    const { network, hrp, amount, budget, gate, genesisId, explorer } = config;
    deepStrictEqual([network, hrp, amount, budget, gate], ["v1.2.3+1", "stest", 10n ** 10n, 10n ** 12n, "pow"]);
    strictEqual(genesisId, FACTS.genesisId);
    strictEqual(explorer, "https://explorer-v1-2-3-1.net.spacemesh.io/txs/0x{transaction}");
    strictEqual(variables.TAP_SEED_FILE, "/run/tap-key/seed");
    strictEqual(variables.TAP_SEED, undefined);
  });

  it("mounts the Secret, and keeps its journal on a disk of the class of the settings", async () => {
    const volumes = async (storageClass: string) =>
      podOf(await VersionStack.make({ ...WANTED, storageClass }, FACTS)).volumes;
    deepStrictEqual(await volumes("fast"), [
      { name: "journal", persistentVolumeClaim: { claimName: "tap-journal" } },
      { name: "key", secret: { secretName: "tap-key", defaultMode: 0o440, items: [{ key: "seed", path: "seed" }] } },
    ]);
    const [journal] = await volumes("none");
    deepStrictEqual(journal, { name: "journal", emptyDir: { sizeLimit: "1Gi" } });
  });

  it("has public names: its own, and those of channels at the gateway, which keeps the address of who asks", () => {
    ok(names(stack).includes("tap-v1-2-3-1.net.spacemesh.io"));
    const caddyfile = JSON.stringify(stack.named("kubernetes:core/v1:ConfigMap", "gateway").inputs.data);
    match(caddyfile, /@tap host tap-v1-2-3-1\.net\.spacemesh\.io tap\.test\.net\.spacemesh\.io\\n/);
    const { spec } = stack.named("kubernetes:core/v1:Service", "gateway").inputs as { spec: Record<string, unknown> };
    strictEqual(spec.externalTrafficPolicy, "Local");
  });

  it("runs the image of the settings, and shows it", async () => {
    strictEqual(podOf(stack).containers[0].image, "spacemeshos/smeshnet-tap:v0.1.0");
    const image = `registry.example/tap@sha256:${"c".repeat(64)}`;
    const other = await VersionStack.make({ ...WANTED, images: { tap: image } }, FACTS);
    strictEqual(podOf(other).containers[0].image, image);
    match(JSON.stringify(other.outputs.versions), /registry\.example\/tap@/);
  });

  it("is not there where the settings or the driver want none, with nothing of it", async () => {
    for (const wanted of [{ ...WANTED, tap: "none" } as const, {}]) {
      const other = await VersionStack.make(wanted, WITHOUT);
      doesNotMatch(JSON.stringify(other.resources), /\btap-|tap\.test|smeshnet-tap|tapBalance/);
      strictEqual("tap" in (other.outputs.endpoints as object), false);
      strictEqual("tap" in (other.outputs.versions as object), !("driver" in wanted)); // the era had a bot
    }
  });

  it("is not there for a network that stands without one: it stays as it was before there were taps", async () => {
    const before = await VersionStack.make({ ...WANTED, tap: "none" }, WITHOUT);
    const now = await VersionStack.make(WANTED, WITHOUT, { facts: WITHOUT });
    deepStrictEqual(now.resources, before.resources);
    ok(names(await VersionStack.make(WANTED, FACTS, { facts: FACTS })).includes("tap"));
  });
});

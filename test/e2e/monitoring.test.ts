import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { hostLabel, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import { loopbackOf } from "../../sandbox/kubernetes/address-plan";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";
const BUILD = parseBuildTag(TAG);

const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.object({ job: z.string(), instance: z.string() }), health: z.string() }),
    ),
  }),
});

const Curve = z.object({
  data: z.object({ result: z.tuple([z.object({ values: z.array(z.tuple([z.number(), z.string()])) })]) }),
});

describe("a network with monitoring", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox({ SMESHNET_MONITORING: "true" }, { driver: "kubernetes" });
  const kubectl = (...args: readonly string[]) => sandbox.must("kubectl", ["-n", hostLabel(BUILD), ...args]);

  before(async () => {
    await sandbox.start();
    sandbox.pushQuietly(TAG);
    await sandbox.must("node", ["scripts/smeshnet.cjs", "deploy", TAG]);
  });
  after(() => sandbox.close());

  /** Asks until the answer is one; mocha's limit ends it. */
  async function awaited<T>(ask: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await pause(500);
    }
  }

  it("has targets that are up", async () => {
    const ip = await kubectl(
      "get",
      "pods",
      "-l",
      "app.kubernetes.io/name=prometheus",
      "-o",
      "jsonpath={.items[0].status.podIP}",
    );
    const url = `http://${loopbackOf(ip)}:9090/api/v1/targets?state=active`;
    const down = await awaited(async () => {
      const { data } = Targets.parse(await (await fetch(url)).json());
      const asked = data.activeTargets.filter(({ health }) => health !== "unknown");
      if (asked.length === 0 || asked.length < data.activeTargets.length) return undefined;
      return data.activeTargets.filter(({ health }) => health !== "up").map(({ labels }) => labels.job);
    });
    deepStrictEqual([...new Set(down)].sort(), ["explorer", "poet"]); // the sandbox plays no metrics of those
  });

  it("shows its curves to everybody, at its own API and on its page, and Prometheus itself to nobody", async () => {
    const { zone } = sandbox.world;
    const api = `api-${hostLabel(BUILD)}.net.${zone}`;
    await awaited(async () => {
      const { body } = await sandbox.get(api, "/curves/nodes?query=up");
      const last = Curve.safeParse(JSON.parse(body)).data?.data.result[0].values.at(-1)?.[1];
      return last === sandbox.env.SMESHNET_MINERS || undefined;
    });
    strictEqual((await sandbox.get(api, "/api/v1/query?query=up")).status, 404);
    const page = await sandbox.get(`${stackName(BUILD)}.net.${zone}`);
    deepStrictEqual(page.body.match(/data-curve="/g)?.length, 6);
  });

  it("keeps the webhook out of the state", async () => {
    const state = await sandbox.pulumi(["stack", "export", "--stack", stackName(BUILD)]);
    match(state, /monitoring secrets/);
    doesNotMatch(state, new RegExp(sandbox.world.webhook.token));
  });

  it("plans nothing when nothing changed", () =>
    sandbox.pulumi(["preview", "--expect-no-changes", "--stack", stackName(BUILD)]));

  it("pages at Discord when it stalls", async () => {
    await sandbox.must("node", ["--import", "tsx", "sandbox/main.ts", "fault", TAG, "stall"]);
    const page = await awaited(async () => {
      const embeds = (await sandbox.announced()).flatMap((message) => message.embeds);
      return embeds.find(({ title, description }) => /page firing/.test(title) && /stalled/.test(description));
    });
    match(page.description, /The network stalled/);
  });
});

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { hostLabel, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import { setFault } from "../../sandbox/fault";
import { ComingMessages, NetworkMonitoring } from "../../sandbox/monitoring";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";
const BUILD = parseBuildTag(TAG);

const Curve = z.object({
  data: z.object({ result: z.tuple([z.object({ values: z.array(z.tuple([z.number(), z.string()])) })]) }),
});

describe("a network with monitoring", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox({}, { driver: "kubernetes", monitoring: true });
  let monitoring: NetworkMonitoring;

  before(async () => {
    await sandbox.start();
    sandbox.pushQuietly(TAG);
    await sandbox.must("node", ["scripts/smeshnet.cjs", "deploy", TAG]);
    monitoring = await NetworkMonitoring.of(sandbox.home, TAG, sandbox.env);
  });
  after(() => sandbox.close());

  it("has targets of every kind, all of which are up", async () => {
    const jobs = (await monitoring.targets()).map(({ job }) => job); // it throws for one that stays down
    deepStrictEqual([...new Set(jobs)].sort(), ["explorer", "gateway", "node", "poet", "tap"]);
  });

  it("has a poet with the members that register, and a tap that tells what it has", async () => {
    const members = await monitoring.values("max(poet_round_members_total)");
    deepStrictEqual(members, [4]); // the last of five nodes serves the explorer and does not smesh
    const [balance] = await monitoring.values("smeshnet_tap_balance_smidge");
    ok(balance && balance > 0);
  });

  it("shows its curves to everybody, at its own API and on its page, and Prometheus itself to nobody", async () => {
    const { zone } = sandbox.world;
    const api = `api-${hostLabel(BUILD)}.net.${zone}`;
    const nodes = async () => {
      const { body } = await sandbox.get(api, "/curves/nodes?query=up");
      return Curve.safeParse(JSON.parse(body)).data?.data.result[0].values.at(-1)?.[1];
    };
    while ((await nodes()) !== sandbox.env.SMESHNET_MINERS) await pause(500); // mocha's limit ends it
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

  it("pages at Discord when it stalls, and says when that is over", async () => {
    const messages = new ComingMessages(sandbox.home);
    await setFault(sandbox.home, [TAG, "stall"]);
    match((await messages.about("page firing", "The network stalled")).title, /v1\.2\.3\+1/);
    await setFault(sandbox.home, [TAG, "none"]);
    await messages.about("page resolved", "over: The network stalled");
  });
});

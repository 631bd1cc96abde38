import { deepStrictEqual, match, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { type Deployed, publicView, visitorsView } from "../../../../infra/base/observe/public-view";
import { publicCalls, TAP, validFor } from "../../../support/public-calls";
import { settingsWith } from "../../../support/settings";

const TAG = parseBuildTag("v1.2.3+1");
const [OWN, OTHER] = ["080e", "9eeb"];
const TODAY: Deployed = { layerDuration: 60, layersPerEpoch: 8, driver: "kubernetes", genesisId: OWN };
const SPACECRAFT: Deployed = { layerDuration: 60, layersPerEpoch: 8 };
const settings = settingsWith({ driver: "kubernetes", kubeContext: "shared", poets: "1" });

const failed = (checks: readonly { ok: boolean; what: string; saw: string }[]) =>
  checks.filter(({ ok }) => !ok).map(({ what, saw }) => `${what}: ${saw}`);

describe("publicView", () => {
  const view = (deployed: Deployed | undefined, nodes = OWN, under = settings) =>
    publicView(TAG, under, Promise.resolve(deployed), publicCalls(nodes));

  it("holds the public API to the genesis id that the driver computed", async () => {
    deepStrictEqual(failed(await view(TODAY)), []);
    match(failed(await view(TODAY, OTHER)).join(), /^gRPC: The node behind \S+ has genesis 9eeb, .* makes 080e\.$/);
    deepStrictEqual(failed(await view(undefined, OTHER)), []);
  });

  it("looks at the frontends that the network's own driver made, whatever the setting says by now", async () => {
    const explorer = async (deployed: Deployed | undefined, under = settings) =>
      (await view(deployed, OWN, under)).find(({ what }) => what === "explorer")?.saw ?? "";
    const switched = settingsWith({ poets: "1" });
    strictEqual(switched.driver, "spacecraft");
    match(await explorer(TODAY, switched), /overview: 12 layers$/);
    match(await explorer(SPACECRAFT), /network-info: layer 40, genesis 080e$/);
    match(await explorer(undefined), /overview/);
    match(await explorer(undefined, switched), /network-info/);
  });
});

describe("the certificate in the public view", () => {
  const seen = async (days: number, tls = true) => {
    const calls = { ...publicCalls(OWN), certificate: async () => validFor(days) };
    const under = tls
      ? settings
      : settingsWith({ tls: "false", port: "80", driver: "kubernetes", kubeContext: "shared" });
    return (await publicView(TAG, under, Promise.resolve(TODAY), calls)).find(({ what }) => what === "certificate");
  };

  it("warns when a renewal is late, and is no fault", async () => {
    match((await seen(21))?.saw ?? "", /^api-v1-2-3-1\.net\.spacemesh\.io has TLS until 2\S+Z, 21 days$/);
    strictEqual((await seen(21))?.isWarning, undefined);
    const late = await seen(20);
    deepStrictEqual([late?.ok, late?.isWarning], [true, true]);
    match(late?.saw ?? "", /20 days; run `smeshnet tls renew`$/);
  });

  it("is not looked for without TLS", async () => strictEqual(await seen(20, false), undefined));
});

describe("the tap in the public view", () => {
  const tapOf = async (deployed: Deployed | undefined) =>
    (await publicView(TAG, settings, Promise.resolve(deployed), publicCalls(OWN))).find(({ what }) => what === "tap");

  it("must give from the account that genesis filled", async () => {
    strictEqual((await tapOf({ ...TODAY, tap: TAP }))?.ok, true);
    match(
      (await tapOf({ ...TODAY, tap: "stest1other" }))?.saw ?? "",
      /gives from stest1tap, and genesis .* stest1other/,
    );
    strictEqual((await tapOf({ ...TODAY, tap: "stest1other" }))?.ok, false);
  });

  it("is missing without a fault where the network was made without one", async () => {
    const seen = await tapOf(TODAY);
    deepStrictEqual([seen?.ok, seen?.saw], [true, "none: the network was made without one"]);
  });
});

describe("visitorsView", () => {
  it("does not count a visit while the public API answers for another genesis", async () => {
    deepStrictEqual(
      (await visitorsView(TAG, settings, TODAY, publicCalls(OWN))).map(({ what, ok }) => [what, ok]),
      [
        ["explorer", true],
        ["dashboard", true],
        ["genesis", true],
      ],
    );
    match(failed(await visitorsView(TAG, settings, TODAY, publicCalls(OTHER))).join(), /^genesis: .*9eeb.*080e\.$/);
  });

  it("asks explorer and dashboard alone where nobody computed the genesis id", async () => {
    const seen = await visitorsView(TAG, settings, SPACECRAFT, publicCalls(OWN));
    deepStrictEqual(
      seen.map(({ what, ok }) => [what, ok]),
      [
        ["explorer", true],
        ["dashboard", true],
      ],
    );
  });
});

import { deepStrictEqual } from "node:assert";
import { effectsOf } from "../../../../infra/review/preview/effects";
import type { PreviewReport, ResourceChange } from "../../../../infra/review/preview/model";
import { plainTextOf } from "../../../../infra/review/preview/phrase";
import {
  changed,
  networkStep,
  newChannel,
  newExplorer,
  newHost,
  newTtl,
  previewed,
  promotion,
  report,
  rerun,
  stepOf,
  unknown,
} from "../../../support/preview-reports";

const told = (of: PreviewReport) => effectsOf(of).map(({ text }) => plainTextOf(text));
const only = (resources: readonly ResourceChange[]) => told(report([previewed("v1.2.3+1", resources)]));
const spec = (key: string, before: string, after: string) => changed(`environment.NETWORK_SPEC.${key}`, before, after);

describe("effectsOf", () => {
  it("says that nothing changes, and how far each network is", () =>
    deepStrictEqual(told(report([previewed("edge"), previewed("v1.2.3+1"), previewed("v1.2.2+1")])), [
      "nothing changes: keeps v1.2.3+1 (day 5.2 of 7) and v1.2.2+1 (certified)",
    ]));

  it("keeps a network and says how far it is", () => {
    deepStrictEqual(told(report([previewed("v1.2.3+1"), previewed("testnet", newTtl())])), [
      "keeps testnet where it is, and updates its DNS records",
      "keeps v1.2.3+1, day 5.2 of 7",
    ]);
  });

  const cases: [string, ResourceChange[], string][] = [
    ["names the parts that it updates", newExplorer(), "keeps v1.2.3+1, day 5.2 of 7, and updates its explorer"],
    [
      "says that a replaced network begins its simmer anew",
      [networkStep("replace"), ...newTtl()],
      "replaces the network v1.2.3+1: its simmer begins anew",
    ],
    [
      "takes a network step under another name for a replacement",
      [networkStep("create"), networkStep("delete")],
      "replaces the network v1.2.3+1: its simmer begins anew",
    ],
    [
      "says that a deleted network ends its simmer",
      [networkStep("delete")],
      "deletes the network v1.2.3+1: its simmer ends",
    ],
    [
      "says that a running network takes up no other spec",
      [networkStep("update", [spec("layerDuration", "300", "60")])],
      "keeps v1.2.3+1, day 5.2 of 7; only a new network takes up layerDuration 300 -> 60",
    ],
    [
      "says that another size is refused",
      [networkStep("update", [spec("miners", "10", "12")])],
      "keeps v1.2.3+1, day 5.2 of 7; a running network keeps its size, so a deployment with miners 10 -> 12 is refused",
    ],
    [
      "tells what changes for certain from what may follow",
      rerun(),
      "keeps v1.2.3+1, day 5.2 of 7, updates its explorer and runs its smoke test again; 3 other resources may change once its network step has run again",
    ],
    [
      "names a channel that comes to the gateway",
      newChannel(),
      "keeps v1.2.3+1, day 5.2 of 7, and adds channel stagenet to its gateway",
    ],
    [
      "says when settings are only stored",
      [stepOf("update", "LogArchive", "log-archive", [changed("environment.NETWORK_RECORD.x", "1", "2")])],
      "keeps v1.2.3+1, day 5.2 of 7, and stores changed settings",
    ],
  ];
  for (const [behaviour, resources, sentence] of cases)
    it(behaviour, () => deepStrictEqual(only(resources), [sentence]));

  it("deploys a network that does not exist yet, and completes one that is incomplete", () => {
    const networks = [{ tag: "v1.2.5+1", stage: "smoke test not passed", channels: [] }] as const;
    const stacks = ["v1.2.5+1", "v1.2.4+1"].map((tag) => previewed(tag, [networkStep("create")]));
    deepStrictEqual(told(report(stacks, { networks })), ["completes the deployment of v1.2.5+1", "deploys v1.2.4+1"]);
  });

  it("says what a release moves, announces and retires next", () =>
    deepStrictEqual(
      told(
        report([previewed("testnet", promotion()), previewed("v1.2.3+1")], {
          moves: [{ channel: "testnet", release: "v1.2.3", tag: "v1.2.3+1" }],
        }),
      )[0],
      "moves testnet from v1.2.2+1 to v1.2.3+1; announces v1.2.3 on Discord; v1.2.2+1 is retired next",
    ));

  it("retires nothing that another channel points to", () => {
    const current = { release: "v1.2.2", tag: "v1.2.2+1" };
    const channels = ["testnet", "stagenet"].map((name) => ({ name, current, toRetire: [] }));
    const moves = [{ channel: "testnet", release: "v1.2.3", tag: "v1.2.3+1" }];
    deepStrictEqual(told(report([previewed("testnet", promotion())], { channels, moves })), [
      "moves testnet from v1.2.2+1 to v1.2.3+1; announces v1.2.3 on Discord",
    ]);
  });

  it("adds a channel to the edge, whose Worker comes with it", () =>
    deepStrictEqual(told(report([previewed("edge", newHost())])), ["adds channel stagenet to the edge"]));

  it("shares a line among networks with the same fate", () =>
    deepStrictEqual(told(report([previewed("v1.2.3+1", newExplorer()), previewed("v1.2.2+1", newExplorer())])), [
      "keeps v1.2.3+1 (day 5.2 of 7) and v1.2.2+1 (certified), and updates their explorer",
    ]));

  it("never takes a stack for unchanged that failed, or that nobody saw", () => {
    const stacks = [
      unknown("edge", "unseen", "no rights"),
      unknown("v1.2.3+1", "failed", "an error"),
      previewed("v1.2.2+1"),
    ];
    deepStrictEqual(told(report(stacks)), [
      "leaves open what happens to v1.2.3+1: the preview failed",
      "leaves open what happens to edge: nobody could look",
      "keeps v1.2.2+1, certified",
    ]);
  });

  it("says that a release is open whose channel was not previewed", () =>
    deepStrictEqual(
      told(report([previewed("v1.2.3+1")], { moves: [{ channel: "testnet", release: "v1.2.3", tag: "v1.2.3+1" }] }))[0],
      "leaves open whether testnet moves to v1.2.3+1: its stack was not previewed",
    ));
});

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { PROMOTED_NETWORK_STAYS } from "../../../../infra/base/model/policies";
import { findingLines, verdictOf } from "../../../../infra/review/preview/dangers";
import { effectsOf } from "../../../../infra/review/preview/effects";
import type { PreviewReport, ResourceChange, Violation } from "../../../../infra/review/preview/model";
import { plainTextOf } from "../../../../infra/review/preview/phrase";
import {
  changed,
  networkStep,
  newChannel,
  newExplorer,
  newTtl,
  previewed,
  promotion,
  record,
  report,
  rerun,
  resource,
  stepOf,
  unknown,
} from "../../../support/preview-reports";

const lines = (of: PreviewReport) => findingLines(verdictOf(of, false).dangers).map(plainTextOf);
const dangersOf = (resources: readonly ResourceChange[], what = "v1.2.3+1") =>
  lines(report([previewed(what, resources)]));
const MOVES = [{ channel: "testnet", release: "v1.2.3", tag: "v1.2.3+1" }];
const policy = (mandatory: boolean): Violation => ({
  policy: "no-public-api",
  message: "a port is open",
  mandatory,
  resource: "api",
});

describe("dangers", () => {
  const cases: [string, ResourceChange[], string][] = [
    [
      "a network is replaced",
      [networkStep("replace")],
      "v1.2.3+1: The network is replaced: all of it is lost, and its simmer begins anew.",
    ],
    ["a network is deleted", [networkStep("delete")], "v1.2.3+1: The network is deleted, and its simmer with it."],
    [
      "a network that runs is created again",
      [networkStep("create")],
      "v1.2.3+1: The network is created again although it runs: its simmer begins anew.",
    ],
    [
      "a network gets another size, which its next deployment refuses",
      [networkStep("update", [changed("environment.NETWORK_SPEC.miners", "10", "12")])],
      "v1.2.3+1: Its next deployment is refused (miners changed): a running network keeps its size.",
    ],
    ["DNS records change", newTtl(), "v1.2.3+1: 3 DNS names change (ttl): a mistake there hides it from its users."],
    [
      "DNS records are deleted and replaced",
      [record("delete", "a"), record("replace", "b"), record("create", "c")],
      "v1.2.3+1: 1 DNS name is deleted and 1 DNS name is replaced: a mistake there hides it from its users.",
    ],
    [
      "the store changes",
      [stepOf("update", "History", "history", [changed("environment.ARCHIVE", "gs://a", "gs://b")])],
      "v1.2.3+1: The store changes (setting archive): records and archives that are in the old one are no longer found.",
    ],
    [
      "the store changes in the settings that are archived",
      [
        stepOf("update", "LogArchive", "log-archive", [
          changed('environment.NETWORK_RECORD.documents["config.json"].archive', "a", "b"),
        ]),
      ],
      "v1.2.3+1: The store changes (setting archive): records and archives that are in the old one are no longer found.",
    ],
    [
      "a step that archives is gone",
      [stepOf("delete", "LogArchive", "log-archive")],
      "v1.2.3+1: A step that archives the network or guards its retirement is deleted or replaced.",
    ],
  ];
  for (const [danger, resources, sentence] of cases)
    it(`are: ${danger}`, () => deepStrictEqual(dangersOf(resources), [sentence]));

  it("are: a network changes that a channel points to", () =>
    deepStrictEqual(dangersOf(newExplorer(), "v1.2.2+1"), [
      "v1.2.2+1: testnet points to it, and 2 of its resources change.",
    ]));

  it("are: a network step runs again, and names may follow", () =>
    deepStrictEqual(dangersOf(rerun()), [
      "v1.2.3+1: The network step runs again: it keeps a complete network, but replaces one that does not answer.",
      "v1.2.3+1: 1 DNS name may change: a mistake there hides it from its users.",
    ]));

  it("are: the edge loses its namespace, or a host moves", () => {
    const edge = (kind: string, name: string) => resource("replace", "", `cloudflare:index/x:${kind}`, name);
    deepStrictEqual(
      dangersOf([edge("WorkersKvNamespace", "networks"), edge("WorkersCustomDomain", "discovery")], "edge"),
      [
        "edge: 1 DNS name is replaced: a mistake there hides it from its users.",
        "edge: The namespace of the edge is lost, and with it pages and configs of networks that are gone.",
      ],
    );
  });

  it("are: a release of a network without a certificate", () =>
    deepStrictEqual(lines(report([previewed("testnet", promotion())], { moves: MOVES })), [
      "testnet: It moves to v1.2.3+1, which has no simmer certificate (day 5.2 of 7).",
    ]));

  it("are not: a release of a certified network, a new network, a channel for a network that nobody points to", () => {
    const moves = [{ channel: "testnet", release: "v1.2.2", tag: "v1.2.2+1" }];
    deepStrictEqual(lines(report([previewed("testnet", promotion())], { moves })), []);
    deepStrictEqual(dangersOf([networkStep("create"), record("create", "a")], "v1.2.4+1"), []);
    deepStrictEqual(dangersOf(newChannel()), []);
  });

  it("are: the same record moves although no release is previewed", () =>
    deepStrictEqual(dangersOf(promotion(), "testnet"), [
      "testnet: 1 DNS name changes (content): a mistake there hides it from its users.",
    ]));

  it("share a line when they are the same for several networks", () =>
    deepStrictEqual(
      lines(report([previewed("v1.2.3+1", [networkStep("replace")]), previewed("v1.2.1+1", [networkStep("replace")])])),
      ["v1.2.3+1 and v1.2.1+1: The network is replaced: all of it is lost, and its simmer begins anew."],
    ));

  it("are all named when there are many", () => {
    const names = Array.from({ length: 30 }, (_, i) => `v1.0.${i}+1`);
    const stacks = names.map((name, i) =>
      previewed(
        name,
        newTtl()
          .slice(0, 1 + (i % 3))
          .concat(networkStep("replace")),
      ),
    );
    const text = lines(report(stacks)).join("\n");
    ok(
      names.every((name) => text.includes(name)),
      text,
    );
  });
});

describe("verdictOf", () => {
  const verdict = (stacks: PreviewReport["stacks"], agreed = false, more: Partial<PreviewReport> = {}) => {
    const { ok, needsAgreement, title } = verdictOf(report(stacks, more), agreed);
    return { ok, needsAgreement, title };
  };

  it("passes a change without dangers", () => {
    deepStrictEqual(verdict([previewed("edge"), previewed("v1.2.3+1", newExplorer())]), {
      ok: true,
      needsAgreement: false,
      title: "1 of 2 stacks changes, nothing dangerous",
    });
    strictEqual(verdict([previewed("edge")]).title, "Nothing changes");
    strictEqual(verdict([]).title, "There is no stack to preview");
  });

  it("passes a danger only with the label", () => {
    const stacks = [previewed("v1.2.3+1", newTtl())];
    deepStrictEqual(verdict(stacks), {
      ok: false,
      needsAgreement: true,
      title: "1 danger, the label dangers-agreed is missing",
    });
    deepStrictEqual(verdict(stacks, true), { ok: true, needsAgreement: true, title: "1 danger, agreed to" });
  });

  it("passes what nobody could see only with the label", () => {
    const stacks = [unknown("v1.2.3+1", "unseen", "a fork gets no credentials")];
    deepStrictEqual(verdict(stacks), {
      ok: false,
      needsAgreement: true,
      title: "Not everything could be seen, the label dangers-agreed is missing",
    });
    strictEqual(verdict(stacks, true).ok, true);
    strictEqual(verdict([previewed("edge")], false, { unseen: ["the networks"] }).ok, false);
  });

  it("fails a stack that could not be previewed, whatever anybody agrees to", () => {
    const stacks = [previewed("edge"), unknown("v1.2.3+1", "failed", "an error")];
    for (const agreed of [false, true])
      deepStrictEqual(verdict(stacks, agreed), {
        ok: false,
        needsAgreement: false,
        title: "1 of 2 stacks could not be previewed",
      });
  });

  it("passes only with the label what a policy refuses for a network that a channel points to", () => {
    const message = "testnet points to v1.2.2+1. Deploy this as a new build.";
    const refusal = { policy: PROMOTED_NETWORK_STAYS, message, mandatory: true, resource: "network" };
    const refused = report([previewed("v1.2.2+1", rerun(), [refusal])]);
    deepStrictEqual([verdictOf(refused, false).ok, verdictOf(refused, true).ok], [false, true]);
    deepStrictEqual(lines(refused), [`v1.2.2+1: Its next deployment is refused: ${message}`]);
    deepStrictEqual(
      effectsOf(refused).map(({ text }) => plainTextOf(text)),
      ["keeps v1.2.2+1, certified; its next deployment is refused"],
    );
  });

  it("fails what a mandatory policy forbids, and passes the advice of others", () => {
    strictEqual(verdict([previewed("v1.2.3+1", newExplorer(), [policy(true)])], true).title, "A policy forbids it");
    strictEqual(verdict([previewed("v1.2.3+1", newExplorer(), [policy(true)])], true).ok, false);
    strictEqual(verdict([previewed("v1.2.3+1", newExplorer(), [policy(false)])]).ok, true);
  });

  it("passes a stack that does not exist yet", () =>
    strictEqual(
      verdict([previewed("edge"), unknown("stagenet", "absent", "no promotion yet")]).title,
      "Nothing changes",
    ));
});

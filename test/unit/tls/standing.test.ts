import { deepStrictEqual, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, gatewayHosts, hostsOf } from "../../../infra/base/model/endpoints";
import { covers, tlsNames, uncovered } from "../../../infra/base/model/tls";
import { reasonToIssue, requireCovering } from "../../../infra/tls/standing";
import type { TlsView } from "../../../infra/tls/view";
import { refuses } from "../../support/errors";
import { settingsWith } from "../../support/settings";

const SETTINGS = settingsWith();
const DAY = 86_400_000;
const START = Date.parse("2026-01-05T05:30:00Z"); // a Monday, at the hour of the daily job

/** A certificate that was issued on a day, as Let's Encrypt does today. */
const issuedOn = (time: number, changes: Partial<TlsView> = {}): TlsView => ({
  generation: 1,
  names: tlsNames(SETTINGS),
  issuer: "E8",
  serial: "01",
  directory: SETTINGS.acmeDirectory,
  notBefore: new Date(time).toISOString(),
  notAfter: new Date(time + 90 * DAY).toISOString(),
  ...changes,
});

describe("the names of the TLS certificate", () => {
  it("are a wildcard for networks and one for each channel", () => {
    deepStrictEqual(tlsNames(SETTINGS), ["*.net.spacemesh.io", "*.test.net.spacemesh.io"]);
    const more = settingsWith({ channels: ["testnet", "mainnet"] });
    deepStrictEqual(tlsNames(more), ["*.main.net.spacemesh.io", "*.net.spacemesh.io", "*.test.net.spacemesh.io"]);
  });

  it("cover every host of every network and channel that a certificate can cover", () => {
    const tags = ["v1.2.3+1", "v1.2.3+2", "v12.0.345+99"].map(parseBuildTag);
    const hosts = tags.flatMap((tag) => gatewayHosts(tag, settingsWith({ poets: 20 })));
    deepStrictEqual(uncovered(tlsNames(SETTINGS), hosts), []);
    strictEqual(hosts.filter((host) => !host.includes("_")).length, 3 * (23 + 24));
  });

  it("stand for one label each", () => {
    const names = ["*.net.spacemesh.io"];
    deepStrictEqual(
      ["api-v1-2-3-1.net.spacemesh.io", "api.test.net.spacemesh.io", "net.spacemesh.io", "net.spacemesh.io.evil"].map(
        (host) => covers(names, host),
      ),
      [true, false, false, false],
    );
  });
});

describe("the TLS certificate", () => {
  const reasons: [what: string, certificate: TlsView | undefined, reason: string | undefined][] = [
    ["is issued when there is none", undefined, "no valid one is in the store"],
    ["stays when two thirds of its life are not over", issuedOn(START - 60 * DAY), undefined],
    ["is renewed in its last third", issuedOn(START - 61 * DAY), "29 days of its 90 days are left"],
    [
      "is issued for a new channel",
      issuedOn(START, { names: ["*.net.spacemesh.io"] }),
      "it lacks *.test.net.spacemesh.io",
    ],
    [
      "stays when a channel is given up",
      issuedOn(START, { names: [...tlsNames(SETTINGS), "*.old.net.spacemesh.io"] }),
      undefined,
    ],
    [
      "is issued by another authority",
      issuedOn(START, { directory: "https://staging.example/dir" }),
      "it is of another authority, https://staging.example/dir",
    ],
    [
      "of six days is renewed after four",
      issuedOn(START - 4.1 * DAY, { notAfter: new Date(START + 1.9 * DAY).toISOString() }),
      "1 days of its 6 days are left",
    ],
  ];
  for (const [what, certificate, reason] of reasons)
    it(what, () => strictEqual(reasonToIssue(certificate, SETTINGS, START), reason));

  it("is required before a deployment and a promotion", () => {
    const hosts = hostsOf(channelEndpoints("testnet", 1, SETTINGS));
    refuses(() => requireCovering(undefined, hosts), "TlsCertificateMissing", { names: ["`smeshnet tls renew`"] });
    const lacking = { names: ["api.test.net.spacemesh.io", "explorer.test.net.spacemesh.io", "`smeshnet tls renew`"] };
    refuses(() => requireCovering({ names: ["*.net.spacemesh.io"] }, hosts), "TlsNamesUncovered", lacking);
    const certificate = issuedOn(START);
    strictEqual(requireCovering(certificate, hosts), certificate);
  });
});

/** What happens to a channel on a day, as in a busy week of releases. */
const WEEK: readonly [day: number, action: "promote" | "demote", tag: string][] = [
  [0, "promote", "v1.2.3+1"],
  [0, "promote", "v1.2.3+2"],
  [1, "demote", "v1.2.3+1"],
  [1, "promote", "v1.2.3+3"],
  [2, "promote", "v1.2.4+1"],
  [3, "promote", "v1.2.4+2"],
  [4, "promote", "v1.2.4+3"],
];

describe("issuances", () => {
  /** Plays some days: the daily job renews what is due, and each move needs a certificate for all its hosts. */
  function play(days: number): number[] {
    const issued: number[] = [];
    let certificate: TlsView | undefined;
    for (let day = 0; day < days; day++) {
      const now = START + day * DAY;
      if (reasonToIssue(certificate, SETTINGS, now) !== undefined) {
        certificate = issuedOn(now);
        issued.push(day);
      }
      for (const [when, , tag] of WEEK)
        if (when === day % 7) requireCovering(certificate, gatewayHosts(parseBuildTag(tag), SETTINGS));
    }
    return issued;
  }

  it("are one in a week of six promotions and a demotion, and the sixth serves TLS", () =>
    deepStrictEqual(play(7), [0]));

  it("are a renewal every 61 days in a year of such weeks, far from 5 a week", () =>
    deepStrictEqual(play(364), [0, 61, 122, 183, 244, 305]));
});

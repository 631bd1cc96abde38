import { deepStrictEqual, match, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { channelEndpoints, gatewayHosts, hostsOf } from "../../../infra/base/model/endpoints";
import { covers, tlsNames, uncovered } from "../../../infra/base/model/tls";
import { reasonToIssue, requireCovering } from "../../../infra/tls/standing";
import { renderCertificate, type TlsView } from "../../../infra/tls/view";
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

  it("is shown as late when less than 21 of its 90 days are left", () => {
    const shown = (days: number) => renderCertificate(issuedOn(START - (90 - days) * DAY), undefined, START);
    strictEqual(shown(21).length, 5);
    match(shown(20.9).at(-1) ?? "", /^LATE: /);
  });

  it("is required before a deployment and a promotion", () => {
    const hosts = hostsOf(channelEndpoints("testnet", 1, SETTINGS));
    refuses(() => requireCovering(undefined, hosts), "TlsCertificateMissing", { names: ["`smeshnet tls renew`"] });
    const lacking = { names: ["api.test.net.spacemesh.io", "explorer.test.net.spacemesh.io", "`smeshnet tls renew`"] };
    refuses(() => requireCovering({ names: ["*.net.spacemesh.io"] }, hosts), "TlsNamesUncovered", lacking);
    const certificate = issuedOn(START);
    strictEqual(requireCovering(certificate, hosts), certificate);
  });
});

import { deepStrictEqual, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudflareApi } from "../../../infra/base/clients/cloudflare";
import { findStrayRecords } from "../../../infra/base/engine/recovery/stray-records";
import { namesOfChannel, namesOfNetwork, requireNamesFree } from "../../../infra/base/engine/taken-names";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { refusesLater } from "../../support/errors";

const NAMES = { zone: ZONE.name, subdomain: "net", tls: false, port: 80 };
const network = namesOfNetwork(parseBuildTag("v1.2.3+1"), 1, NAMES);
const testnet = namesOfChannel("testnet", 1, NAMES);
const RECORDS = join(__dirname, "../../fixtures/trials/T27/records.json");
const NOTHING = { deployment: { resources: [] } };

describe("DNS records that are somebody's (trial T27)", () => {
  const cloudflare = new TestCloudflare();
  const path = `/zones/${ZONE.id}/dns_records`;
  const api = () => ({
    zoneId: ZONE.id,
    cloudflare: cloudflareApi({ cloudflareToken: TOKEN, cloudflareUrl: cloudflare.now.baseUrl }),
  });
  const all = async () =>
    (await cloudflare.call("GET", `${path}?per_page=100`)).result as { id: string; name: string }[];

  before(async () => {
    await cloudflare.start();
    const records = JSON.parse(readFileSync(RECORDS, "utf8").replaceAll("spacemesh.io", ZONE.name)) as object[];
    for (const record of records) strictEqual((await cloudflare.call("POST", path, record)).success, true);
  });
  after(() => cloudflare.remove());

  it("are told before a deployment, each with its type, content and owner", async () => {
    await refusesLater(requireNamesFree(network, api(), undefined), "NamesTaken", {
      names: [
        "4 DNS records",
        `api-v1-2-3-1.net.${ZONE.name} A 203.0.113.9 (nobody's)`,
        `explorer-v1-2-3-1.net.${ZONE.name} CNAME old.example.org ("kept for Sam until Friday")`,
        `dash-v1-2-3-1.net.${ZONE.name} AAAA 2001:db8::9 ("go-spacecraft")`,
        `1_2_3_1.net.${ZONE.name} A 127.0.0.1 ("smeshnet v1.2.3+11")`,
      ],
    });
  });

  it("are told in the plan of a promotion", async () => {
    await refusesLater(requireNamesFree(testnet, api(), undefined), "NamesTaken", {
      names: [`api.test.net.${ZONE.name} CNAME by-hand.example.org (nobody's)`],
    });
  });

  it("are no strays of the network or the channel, so that no recovery or retirement removes one", async () => {
    for (const owner of ["v1.2.3+1", "testnet"]) {
      deepStrictEqual(await findStrayRecords(NOTHING, ZONE.id, owner, api().cloudflare), []);
    }
    strictEqual((await all()).length, 6);
  });

  it("hinder nothing once they are removed by hand, whatever the wildcard says", async () => {
    for (const { id, name } of await all()) if (!name.startsWith("*")) await cloudflare.call("DELETE", `${path}/${id}`);
    await requireNamesFree(network, api(), undefined);
    await requireNamesFree(testnet, api(), undefined);
    strictEqual((await all()).length, 1);
  });
});

import { deepStrictEqual, strictEqual } from "node:assert";
import type { CloudflareObject } from "../../../../infra/base/clients/cloudflare";
import {
  namesOfChannel,
  namesOfNetwork,
  requireNamesFree,
  takenAmong,
} from "../../../../infra/base/engine/taken-names";
import type { UserError } from "../../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { refusesLater } from "../../../support/errors";

const NAMES = { zone: "spacemesh.io", subdomain: "net", tls: false, port: 80 };
const network = namesOfNetwork(parseBuildTag("v1.2.3+1"), 1, NAMES);
const testnet = namesOfChannel("testnet", 1, NAMES);

const record = (type: string, name: string, comment: string | null = null, id = `${type} ${name}`) =>
  ({ id, type, name, content: "203.0.113.9", comment }) as CloudflareObject;

/** The types and names of the records that are taken. */
const taken = (records: CloudflareObject[], wanted = network, ids: readonly string[] = []) => {
  const resources = ids.map((id) => ({ urn: `urn:${id}`, type: "cloudflare:index/dnsRecord:DnsRecord", id }));
  return takenAmong(records, wanted, { deployment: { resources } }).map(({ type, name }) => `${type} ${name}`);
};

const API = "api-v1-2-3-1.net.spacemesh.io";

describe("names that are somebody's", () => {
  it("are those that a network or a channel will make", () => {
    deepStrictEqual(network.hosts, [
      "1_2_3_1.net.spacemesh.io",
      API,
      "explorer-v1-2-3-1.net.spacemesh.io",
      "dash-v1-2-3-1.net.spacemesh.io",
      "poet-1-v1-2-3-1.net.spacemesh.io",
    ]);
    deepStrictEqual(network.texts, ["_smeshnet.1_2_3_1.net.spacemesh.io"]);
    deepStrictEqual(
      testnet.aliases,
      ["gateway", "api", "explorer", "dash", "poet-1"].map((name) => `${name}.test.net.spacemesh.io`),
    );
  });

  for (const type of ["A", "AAAA", "CNAME", "NS", "HTTPS"]) {
    it(`are taken by a record of type ${type} at the very name, in any case`, () => {
      deepStrictEqual(taken([record(type, API.toUpperCase())]), [`${type} ${API.toUpperCase()}`]);
    });
  }

  it("are not taken by a wildcard, a longer or shorter name, or a record that leads nowhere", () => {
    const names = ["*.net.spacemesh.io", `x.${API}`, "net.spacemesh.io", "api-v1-2-3-11.net.spacemesh.io"];
    deepStrictEqual(taken(names.map((name) => record("CNAME", name))), []);
    deepStrictEqual(taken([record("TXT", API), record("MX", API), record("CAA", API)]), []);
  });

  it("are ours by our very comment, or when the state knows the record", () => {
    deepStrictEqual(taken([record("A", API, "smeshnet v1.2.3+1")]), []);
    deepStrictEqual(taken([record("A", API, null, "known")], network, ["known"]), []);
    for (const comment of [
      "smeshnet v1.2.3+11",
      "smeshnet v1.2.3",
      "Smeshnet v1.2.3+1",
      " smeshnet v1.2.3+1",
      "",
      null,
    ]) {
      strictEqual(taken([record("A", API, comment)]).length, 1, String(comment));
    }
  });

  it("of a channel are taken by any record, since nothing stands beside an alias", () => {
    deepStrictEqual(taken([record("MX", "api.test.net.spacemesh.io")], testnet), ["MX api.test.net.spacemesh.io"]);
    deepStrictEqual(taken([record("A", "test.net.spacemesh.io")], testnet), []);
  });

  it("are taken by another owner's text", () => {
    const [owner = ""] = network.texts;
    deepStrictEqual(taken([record("TXT", owner, "smeshnet v1.2.3+11")]), [`TXT ${owner}`]);
  });

  it("are told on one line, without control characters and in bounded length", async () => {
    const comment = `\u001b[31mSam\nand\u202eKim ${"x".repeat(5000)}`;
    const cloudflare = {
      dnsRecordsNamed: async (_: string, name: string) => (name === API ? [record("A", API, comment)] : []),
    };
    const asked = requireNamesFree(network, { zoneId: "zone", cloudflare }, undefined);
    await refusesLater(asked, "NamesTaken", { names: [API, "203.0.113.9", "v1.2.3+1", "Sam and Kim"] });
    await asked.catch((error: UserError) => {
      strictEqual(/\p{C}/u.test(error.message), false);
      strictEqual(error.message.length < 500, true);
    });
  });
});

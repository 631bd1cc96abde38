import { deepStrictEqual, rejects, throws } from "node:assert";
import { zoneAtCloudflare } from "../../infra/clients/cloudflare";
import { clearStrays } from "../../infra/stray-records";
import { TestCloudflare, TOKEN, ZONE } from "../cloudflare";

const RECORDS = `/zones/${ZONE.id}/dns_records`;

describe("stray records", () => {
  const cloudflare = new TestCloudflare();
  before(() => cloudflare.start());
  after(() => cloudflare.remove());

  const zone = (token = TOKEN) =>
    zoneAtCloudflare(ZONE.id, { CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl, CLOUDFLARE_API_TOKEN: token });

  const add = async (name: string, comment: string | undefined): Promise<string> =>
    (await cloudflare.call("POST", RECORDS, { name, type: "A", content: "192.0.2.1", ttl: 60, comment })).result.id;

  it("are removed, and what is in the state or belongs to somebody else stays", async () => {
    const kept = await add("kept", "smeshnet v1.2.3+1");
    await add("stray", "smeshnet v1.2.3+1");
    await add("other-build", "smeshnet v1.2.3+10");
    await add("by-hand", undefined);
    deepStrictEqual(await clearStrays(zone(), "v1.2.3+1", new Set([kept])), ["stray.example.org"]);
    const { result } = await cloudflare.call("GET", RECORDS);
    deepStrictEqual(result.map(({ name }: { name: string }) => name).sort(), [
      "by-hand.example.org",
      "kept.example.org",
      "other-build.example.org",
    ]);
    deepStrictEqual(await clearStrays(zone(), "v1.2.3+1", new Set([kept])), []);
  });

  it("stay, with a word about it, when Cloudflare says no or does not answer", async () => {
    await rejects(zone("wrong").withComment("smeshnet v1.2.3+1"), {
      name: "UserError",
      message: /^Cloudflare refuses GET \/client\/v4\/zones\/zone1\/dns_records: .+ \(9109\)$/,
    });
    const away = zoneAtCloudflare("z", { CLOUDFLARE_BASE_URL: "http://127.0.0.1:9", CLOUDFLARE_API_TOKEN: "t" });
    await rejects(away.remove("r"), {
      name: "UserError",
      message: /^Cloudflare does not answer DELETE \/zones\/z\/dns_records\/r \(.+\): run this again$/,
    });
    throws(() => zoneAtCloudflare("z", {}), { name: "UserError", exitCode: 2 });
  });
});

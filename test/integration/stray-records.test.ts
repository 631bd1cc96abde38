import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DnsRecord } from "@pulumi/cloudflare";
import { zoneAtCloudflare } from "../../infra/clients/cloudflare";
import { variableOf } from "../../infra/config";
import { exec } from "../../infra/exec";
import { clearStrays } from "../../infra/stray-records";
import { TestCloudflare, TOKEN, ZONE } from "../cloudflare";
import { Engine } from "../engine";
import { toolchain } from "../toolchain";
import { SETTINGS_OF_AN_OPERATOR } from "../unit/settings";

const RECORDS = `/zones/${ZONE.id}/dns_records`;

const ROOT = join(__dirname, "../..");

describe("stray records", function () {
  this.timeout(30_000);
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

  it("keep a stack from coming up until the verb has removed them, and nothing that the stack knows of", async () => {
    const engine = new Engine(["cloudflare-v6.22.1"]);
    try {
      const secrets = { CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl, CLOUDFLARE_API_TOKEN: TOKEN };
      const common = { zoneId: ZONE.id, type: "A", content: "192.0.2.1", ttl: 60, comment: "smeshnet v2.0.0+1" };
      const names = ["one.example.org"];
      const stack = await engine.stack(
        "2_0_0_1",
        async () => {
          for (const name of names) new DnsRecord(name, { ...common, name });
        },
        secrets,
      );
      await stack.up();
      await add("two", "smeshnet v2.0.0+1");
      names.push("two.example.org");
      await rejects(stack.up(), /81058 An identical record already exists/);
      const { exitCode, stdout, stderr } = await clear(engine, { ...stack.workspace.envVars, ...secrets });
      strictEqual(exitCode, 0, stderr);
      deepStrictEqual(JSON.parse(stdout), { removed: ["two.example.org"] });
      deepStrictEqual((await stack.up()).summary.resourceChanges, { same: 2, create: 1 });
    } finally {
      engine.close();
    }
  });

  /** Runs the verb for v2.0.0+1 where the project of the engine's stacks is. */
  function clear(engine: Engine, environment: Record<string, string>) {
    const cwd = join(engine.folder, "project");
    mkdirSync(cwd);
    const project = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace("name: smeshnet", "name: standins");
    writeFileSync(join(cwd, "Pulumi.yaml"), project);
    const operator = { ...SETTINGS_OF_AN_OPERATOR, zoneId: ZONE.id };
    const settings = ["zoneId", "accountId", "gcpProject", "gcpLocation", "gcpZone", "archive"] as const;
    const variables = settings.map((key) => [variableOf(key), String((operator as Record<string, unknown>)[key])]);
    const path = `${toolchain().bin}:${process.env.PATH}`;
    const env = { ...process.env, ...environment, ...Object.fromEntries(variables), PATH: path };
    const verb = ["--import", require.resolve("tsx"), join(ROOT, "scripts/dns.ts"), "clear", "v2.0.0+1"];
    return exec(process.execPath, verb, { cwd, env, timeout: 20 });
  }
});

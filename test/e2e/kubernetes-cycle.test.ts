import { deepStrictEqual, match, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "../../infra/base/clients/dns";
import { CHECKOUT } from "../../sandbox/home";
import { driftOf } from "../support/drift";
import { Running } from "../support/kills";
import { TestSandbox } from "../support/sandbox";

const FIRST = "v1.2.2+1";
const SECOND = "v1.2.3+1";

describe("the release cycle with today's driver", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox({}, { driver: "kubernetes" });
  let watcher: Running | undefined;

  const ciDone = async (tag: string) => {
    const { exitCode, log } = await sandbox.deployed(tag);
    const words = readFileSync(log, "utf8");
    strictEqual(exitCode, 0, words);
    return words;
  };
  const smeshnet = (...args: readonly string[]) => sandbox.must("node", ["scripts/smeshnet.cjs", ...args]);
  const namespaces = async () => {
    const found = await sandbox.must("kubectl", [
      "get",
      "namespaces",
      "-l",
      "app.kubernetes.io/managed-by=smeshnet",
      "-o",
      "name",
    ]);
    return found.split("\n").filter((line) => line !== "");
  };
  const addressOf = async (host: string) => (await addressesOf(`${host}.net.${sandbox.world.zone}`, sandbox.names))[0];
  /** Every public part of the testnet leads to one network. */
  const leadsTo = async (release: string, label: string) => {
    const { body } = await sandbox.get(`test.net.${sandbox.world.zone}`);
    match(/<title>([^<]*)/.exec(body)?.[1] ?? "", new RegExp(`testnet.*${release.replaceAll(".", "\\.")}`));
    strictEqual(await addressOf("api.test"), await addressOf(`api-${label}`));
    strictEqual(await sandbox.commitOf("refs/heads/testnet"), await sandbox.commitOf(`refs/tags/${release}`));
  };

  before(() => sandbox.start());
  after(async () => {
    await watcher?.kill("itself");
    await sandbox.close();
  });

  it("a pushed build tag becomes a network, and simmers to a certificate while the next is deployed", async () => {
    const args = ["simmer", "watch", "--search", "2", "--folder", join(sandbox.home, "watcher")];
    watcher = new Running(args, sandbox.env, CHECKOUT);
    sandbox.push(FIRST, SECOND);
    await ciDone(FIRST);
    await watcher.says(/^v1\.2\.2\+1: healthy, day ([7-9]|\d\d)/);
    const [file, key] = [join(sandbox.home, "certificate.json"), join(sandbox.home, "public.pem")];
    writeFileSync(key, sandbox.world.simmerKeys.public);
    writeFileSync(file, await smeshnet("simmer", "certify", FIRST));
    match(await smeshnet("certificate", "verify", file, "--key", key, "--samples"), /v1\.2\.2\+1 is certified/);
  });

  it("both are namespaces of one cluster, and in the public list", async () => {
    await ciDone(SECOND);
    deepStrictEqual(await namespaces(), ["namespace/v1-2-2-1", "namespace/v1-2-3-1"]);
    deepStrictEqual((await sandbox.listed()).sort(), [FIRST, SECOND]);
  });

  it("the release tag v1.2.2 makes the first the testnet, on its certificate", async () => {
    sandbox.release("v1.2.2", "Release v1.2.2");
    match(await ciDone("v1.2.2"), /simmer {8}certified/);
    await leadsTo("v1.2.2", "v1-2-2-1");
  });

  it("the release tag v1.2.3 moves the testnet, and the first network is archived and removed", async () => {
    sandbox.release("v1.2.3", "Release v1.2.3\n\nWithout-Simmer: the first certificate is enough for a test");
    match(await ciDone("v1.2.3"), /v1\.2\.2\+1: retired, /);
    await leadsTo("v1.2.3", "v1-2-3-1");
    deepStrictEqual(await namespaces(), ["namespace/v1-2-3-1"]);
    match(await smeshnet("archive", "verify", FIRST), /objects verified/);
    const archived = await smeshnet("archive", "show", FIRST);
    match(archived, /logs\/miner-5-.*\n.*keys.*\n.*miner.*\n.*stats/);
    match(archived, /^gap {7}none$/m);
  });

  it("nothing has drifted, a preview finds nothing to change, and the doctor finds nothing", async () => {
    const { drift } = await driftOf(sandbox);
    deepStrictEqual([drift.findings, drift.unseen, drift.foreign], [[], [], []]);
    await sandbox.pulumi(["preview", "--expect-no-changes", "--stack", "1_2_3_1"]);
    match(await smeshnet("doctor"), /^ok {3}webhook: Discord knows the webhook as "smeshnet"$/m);
  });

  it("the testnet's network goes by `pulumi destroy`, after the testnet itself, and leaves its archive", async () => {
    const refused = await sandbox.smeshnet("retire", SECOND);
    deepStrictEqual([refused.exitCode, /testnet points to v1\.2\.3\+1/.test(refused.stderr)], [1, true]);
    await sandbox.pulumi(["state", "unprotect", "--all", "--yes", "--stack", "testnet"]);
    await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--remove", "--stack", "testnet"]);
    await smeshnet("promote", "v1.2.3", "--abandon", "the testnet is taken down");
    await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--stack", "1_2_3_1"]);
    deepStrictEqual(await namespaces(), []);
    deepStrictEqual(await sandbox.listed(), []);
    for (const tag of [FIRST, SECOND]) match(await smeshnet("archive", "verify", tag), /objects verified/);
  });
});

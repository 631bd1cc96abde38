import { match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { sealCertificate } from "../../../infra/simmer/certificate/verify";
import { certificateKey } from "../../../infra/simmer/certify";
import { SimmerLog } from "../../../infra/simmer/log";
import { newKeys, SAMPLE_INPUT } from "../../support/certificate";
import { CHECKOUT } from "../../support/checkout";
import { NETWORK, THRESHOLDS } from "../../support/judged";
import { KEYED } from "../../support/record-key";
import { PLAIN_GIT, TaggedNode } from "../../support/tagged-node";

const { genesisId } = SAMPLE_INPUT;

describe("what is on record of a version tag", function () {
  this.timeout(60_000);
  const { publicKey, privateKey } = newKeys.Ed25519();
  let node: TaggedNode;
  let store: Store;
  let commit = "";

  before(() => {
    node = new TaggedNode();
    store = openStore(pathToFileURL(join(node.root, "store")).href, KEYED);
    commit = node.git("rev-parse", "v1.2.3+1");
    node.git("tag", "-a", "-m", "Release", "v1.2.3", commit);
    node.git("push", "--quiet", "origin", "v1.2.3");
    mkdirSync(join(node.root, "bin"));
    pulumiAnswers("error: no stack named '1_2_3_1' found", 255);
  });
  after(() => node.remove());

  /** What `pulumi stack export` does. A real engine would take the test three seconds. */
  function pulumiAnswers(text: string, exitCode: number): void {
    const script = `#!/bin/sh\ncat <<'END' >&${exitCode === 0 ? 1 : 2}\n${text}\nEND\nexit ${exitCode}\n`;
    writeFileSync(join(node.root, "bin/pulumi"), script, { mode: 0o755 });
  }

  /** Judges a tag, unless told away from any checkout, so that the node repository is cloned. */
  const check = (tag: string, more: Readonly<Record<string, string>> = {}, cwd = node.root) =>
    spawnSync(process.execPath, [join(CHECKOUT, "scripts/smeshnet.cjs"), "tag", "check", tag], {
      cwd,
      env: {
        ...process.env,
        ...PLAIN_GIT,
        PATH: [join(node.root, "bin"), process.env.PATH].join(delimiter),
        SMESHNET_ZONE_ID: "zone1",
        SMESHNET_ACCOUNT_ID: "account1",
        SMESHNET_GCP_PROJECT: "project",
        SMESHNET_GCP_LOCATION: "us-east1",
        SMESHNET_GCP_ZONE: "us-east1-b",
        SMESHNET_ARCHIVE: pathToFileURL(join(node.root, "store")).href,
        SMESHNET_NODE_REPOSITORY: pathToFileURL(node.bare).href,
        SMESHNET_SIMMER_KEY: publicKey,
        ...more,
      },
      encoding: "utf8",
    });

  function refused(tag: string, words: RegExp): void {
    const { status, stderr } = check(tag);
    strictEqual(status, 1, stderr);
    match(stderr, words);
  }

  it("lets a release pass only with the certificate of its build", async () => {
    refused("v1.2.3", /v1\.2\.3 has no simmer certificate, and the tag's message gives no reason/);
    const other = sealCertificate({ ...SAMPLE_INPUT, commit: node.git("rev-parse", "develop") }, privateKey);
    await store.put(certificateKey("v1.2.3+10", genesisId), other);
    refused("v1.2.3", /v1\.2\.3 has no simmer certificate that counts \(The certificate is for v1\.2\.3\+1/);
    await store.put(certificateKey("v1.2.3+1", genesisId), sealCertificate({ ...SAMPLE_INPUT, commit }, privateKey));
    const { status, stdout, stderr } = check("v1.2.3");
    strictEqual(status, 0, stderr);
    match(stdout, /^v1\.2\.3 at [0-9a-f]{12} keeps the rules\n$/);
  });

  it("says when the store cannot be read, and refuses nothing for that", () => {
    const { status, stdout, stderr } = check("v1.2.3", { SMESHNET_ARCHIVE: "s3://bucket/prefix?region=us-east-1" });
    strictEqual(status, 0, stderr);
    match(stdout, /^not seen: the simmer certificate \(.*AWS_ACCESS_KEY_ID.*\)\n/);
  });

  it("names a wrong setting for which the store cannot be read", () => {
    const { stdout } = check("v1.2.3", { SMESHNET_MINERS: "none", SMESHNET_POETS: "none" }, node.bare);
    match(stdout, /^not seen: the simmer certificate \(2 settings are wrong: smeshnet:miners is "none", .*\)\n/);
  });

  it("keeps a build tag on the commit that its network was deployed from", () => {
    const printed = (deployed: string) => ({
      urn: "urn:pulumi:1_2_3_1::smeshnet::smeshnet:Branch$command:local:Command::devnext",
      type: "command:local:Command",
      outputs: { stdout: JSON.stringify({ commit: deployed }) },
    });
    const state = (deployed: string) => JSON.stringify({ version: 3, deployment: { resources: [printed(deployed)] } });
    pulumiAnswers(state(commit), 0);
    strictEqual(check("v1.2.3+1").stdout, `v1.2.3+1 at ${commit.slice(0, 12)} keeps the rules\n`);
    pulumiAnswers(state("d".repeat(40)), 0);
    refused(
      "v1.2.3+1",
      /v1\.2\.3\+1 points to [0-9a-f]{12}, but was deployed from dddddddddddd\. A deployed tag never/,
    );
  });

  it("keeps it there after the network is retired, since its simmer names the commit", async () => {
    pulumiAnswers("error: no stack named '1_2_3_1' found", 255);
    refused("v1.2.3+4", /comes after the release v1\.2\.3/);
    const log = new SimmerLog(store, "v1.2.3+4", NETWORK.genesisId);
    await log.agree({ network: NETWORK, thresholds: THRESHOLDS, days: 7, day: 86_400, commit: "e".repeat(40) });
    refused("v1.2.3+4", /but was deployed from eeeeeeeeeeee/);
  });
});

import { deepStrictEqual, match, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import { openStore } from "../../../infra/base/store/open";
import { CHECKOUT } from "../../support/checkout";
import { ACCOUNT, SCOPED, TestCloudflare, ZONE } from "../../support/cloudflare";
import { mendable } from "../../support/failures";
import { KEYED, RECORD_KEY } from "../../support/record-key";
import { settingsWith } from "../../support/settings";

const TAG = "v1.2.3+1";
const OPENED = "2026-11-20T00:00:00Z";
const KEY = `history:1_2_3_1:${OPENED}`;

describe("the step history, with a Cloudflare over HTTP", function () {
  this.timeout(30_000);
  const cloudflare = new TestCloudflare();
  const folder = mkdtempSync(join(tmpdir(), "history-step-"));
  const archive = pathToFileURL(join(folder, "store")).href;
  let namespaceId: string;
  let values: string;

  before(async () => {
    await cloudflare.start();
    writeFileSync(join(folder, "gcloud"), "#!/bin/sh\necho 'ERROR: code=404, message=Not found' >&2\nexit 1\n");
    chmodSync(join(folder, "gcloud"), 0o755);
    const { result } = await cloudflare.call("POST", `/accounts/${ACCOUNT}/storage/kv/namespaces`, { title: "edge" });
    namespaceId = result.id;
    values = `/accounts/${ACCOUNT}/storage/kv/namespaces/${namespaceId}/values`;
  });
  after(async () => {
    await cloudflare.remove();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await cloudflare.call("DELETE", `${values}/${encodeURIComponent(KEY)}`);
    rmSync(join(folder, "store", "history"), { recursive: true, force: true });
  });

  const start = (args: readonly string[], more: Record<string, string> = {}): ChildProcess => {
    const tag = parseBuildTag(TAG);
    const settings = settingsWith();
    const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));
    const env = {
      PATH: [folder, process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: pathToFileURL(folder).href, // separates this test from others on this machine
      CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
      CLOUDFLARE_DNS_TOKEN: SCOPED.CLOUDFLARE_DNS_TOKEN,
      CLOUDFLARE_KV_TOKEN: SCOPED.CLOUDFLARE_KV_TOKEN,
      SMESHNET_RECORD_KEY: RECORD_KEY,
      ACCOUNT_ID: ACCOUNT,
      NAMESPACE_ID: namespaceId,
      ZONE_ID: ZONE.id,
      DISCOVERY_URL: "http://discover.example.org/",
      ARCHIVE: archive,
      NETWORK_SPEC: JSON.stringify(spec),
      PULUMI_COMMAND_STDOUT: JSON.stringify({ openedAt: OPENED }),
      ...more,
    };
    const command = ["scripts/smeshnet.cjs", "step", "history", ...args];
    return spawn(process.execPath, command, { cwd: CHECKOUT, env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const finished = async (child: ChildProcess) => {
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    const [exitCode] = await once(child, "close");
    return { exitCode, ...said };
  };
  const history = (args: readonly string[], more?: Record<string, string>) => finished(start(args, more));
  const kept = async () => (await cloudflare.fetch(`${values}/${encodeURIComponent(KEY)}`)).text();

  it("opens a life once, and keeps the time that it printed before", async () => {
    const { stdout, stderr } = await history(["open", TAG]);
    strictEqual(stderr, "");
    deepStrictEqual(JSON.parse(stdout), { openedAt: OPENED });
    const first = await history(["open", TAG], { PULUMI_COMMAND_STDOUT: "" });
    match(first.stdout, /^\{"openedAt":"20\d\d-\d\d-\d\dT[\d:.]+Z","life":"[-0-9a-f]{36}"\}\n$/);
    const again = await history(["open", TAG], { PULUMI_COMMAND_STDOUT: first.stdout });
    strictEqual(again.stdout, first.stdout, "an update begins no new life");
  });

  it("writes the record of a network that never came up, and never changes it", async () => {
    const { exitCode, stderr } = await history(["close", TAG]);
    strictEqual(exitCode, 0, stderr);
    match(stderr, /^v1\.2\.3\+1: .*\nv1\.2\.3\+1: .*http:\/\/discover\.example\.org\/networks\/1_2_3_1\n$/);
    const first = await kept();
    const { retiredAt, ...record } = JSON.parse(first);
    deepStrictEqual(record, {
      schema: 1,
      tag: TAG,
      openedAt: OPENED,
      verdict: "not judged",
      why: "retired by hand, no reason given",
    });
    const again = await history(["close", TAG], { RETIREMENT_REASON: "another one", RETIREMENT_VERDICT: "split" });
    strictEqual(again.exitCode, 0, again.stderr);
    strictEqual(JSON.parse(again.stdout).record.retiredAt, retiredAt);
    strictEqual(await kept(), first);
  });

  it("writes the reason, the verdict, the archive and the last layers of the nodes", async () => {
    const store = openStore(archive, KEYED);
    const closed = {
      schema: 1,
      tag: TAG,
      closedAt: "2026-11-21T00:00:00Z",
      objects: [{ key: "samples.json", bytes: 1, sha256: "0" }],
    };
    await store.put(`archives/${TAG}/1/manifest.json`, JSON.stringify(closed));
    await store.put(`archives/${TAG}/1/samples.json`, '[{"verifiedLayer":7,"topLayer":9}]');
    const { exitCode, stderr } = await history(["close", TAG], {
      RETIREMENT_REASON: "it stood still",
      RETIREMENT_VERDICT: "stalled",
    });
    strictEqual(exitCode, 0, stderr);
    const { verdict, why, archive: place, lastSeen } = JSON.parse(await kept());
    deepStrictEqual([verdict, why], ["stalled", "it stood still"]);
    strictEqual(place, `${archive}/archives/${TAG}/1/manifest.json`);
    deepStrictEqual(lastSeen, { verifiedLayer: 7, topLayer: 9 });
  });

  it("takes over how the deployment failed, and removes that from the network's page", async () => {
    const key = `${values}/${encodeURIComponent("failed:1_2_3_1")}`;
    await cloudflare.fetch(key, { method: "PUT", body: JSON.stringify(mendable()) });
    const { exitCode, stderr } = await history(["close", TAG]);
    strictEqual(exitCode, 0, stderr);
    const { step, at } = JSON.parse(await kept()).failed;
    deepStrictEqual([step, at], ["network", mendable().at]);
    strictEqual((await cloudflare.fetch(key)).status, 404);
  });

  it("writes nothing while a DNS record is left, and continues when it is gone", async () => {
    const { result } = await cloudflare.call("POST", `/zones/${ZONE.id}/dns_records`, {
      type: "A",
      name: "api-v1-2-3-1",
      content: "203.0.113.5",
      comment: `smeshnet ${TAG}`,
    });
    const child = start(["close", TAG]);
    const lines = createInterface({ input: child.stderr as NonNullable<ChildProcess["stderr"]> });
    const end = finished(child);
    const [line] = await once(lines, "line");
    match(line, /^waiting for v1\.2\.3\+1 .*: DNS records api-v1-2-3-1\.example\.org .*"smeshnet v1\.2\.3\+1"/);
    strictEqual((await cloudflare.fetch(`${values}/${encodeURIComponent(KEY)}`)).status, 404);
    await cloudflare.call("DELETE", `/zones/${ZONE.id}/dns_records/${result.id}`);
    const { exitCode, stderr } = await end;
    strictEqual(exitCode, 0, stderr);
  });

  it("finds a process of this network by its command line, and ignores those of another backend", async () => {
    // A stand-in for a go-spacecraft that an engine left behind: it runs until its standard input ends.
    const file = join(folder, "go-spacecraft");
    writeFileSync(file, "#!/bin/sh\necho up\nread line\n");
    chmodSync(file, 0o755);
    const env = { PATH: process.env.PATH, PULUMI_BACKEND_URL: pathToFileURL(folder).href };
    const left = spawn(file, ["createNetwork", "--config", "c.json", "-n", "v1-2-3-1"], { env });
    await once(left.stdout, "data");
    const child = start(["close", TAG]);
    const lines = createInterface({ input: child.stderr as NonNullable<ChildProcess["stderr"]> });
    const end = finished(child);
    const [line] = await once(lines, "line");
    match(line, new RegExp(`Process ${left.pid} .*\\(.*go-spacecraft createNetwork .*\\)\\. .*\`kill ${left.pid}\``));

    const elsewhere = await history(["close", TAG], { PULUMI_BACKEND_URL: "file:///another/world" });
    strictEqual(elsewhere.exitCode, 0, elsewhere.stderr);
    left.stdin.end();
    const { exitCode, stderr } = await end;
    strictEqual(exitCode, 0, stderr);
  });
});

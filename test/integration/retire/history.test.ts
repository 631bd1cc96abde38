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
import { ACCOUNT, TestCloudflare, TOKEN, ZONE } from "../../support/cloudflare";
import { settingsWith } from "../../support/settings";

const TAG = "v1.2.3+1";
const OPENED = "2026-11-20T00:00:00Z";
const KEY = `history:1_2_3_1:${OPENED}`;

describe("The verb history, at a Cloudflare over HTTP", function () {
  this.timeout(30_000);
  const cloudflare = new TestCloudflare();
  const folder = mkdtempSync(join(tmpdir(), "history-verb-"));
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
  afterEach(() => cloudflare.call("DELETE", `${values}/${encodeURIComponent(KEY)}`));

  const start = (args: readonly string[], more: Record<string, string> = {}): ChildProcess => {
    const tag = parseBuildTag(TAG);
    const settings = settingsWith();
    const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));
    const env = {
      PATH: [folder, process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: pathToFileURL(folder).href, // tells apart this test's world from others on this machine
      CLOUDFLARE_BASE_URL: cloudflare.now.baseUrl,
      CLOUDFLARE_API_TOKEN: TOKEN,
      ACCOUNT_ID: ACCOUNT,
      NAMESPACE_ID: namespaceId,
      ZONE_ID: ZONE.id,
      DISCOVERY_URL: "http://discover.example.org/",
      ARCHIVE: archive,
      NETWORK_SPEC: JSON.stringify(spec),
      PULUMI_COMMAND_STDOUT: JSON.stringify({ openedAt: OPENED }),
      ...more,
    };
    const file = ["-r", "./infra/preload.cjs", "scripts/history.ts", ...args];
    return spawn(process.execPath, file, { cwd: CHECKOUT, env, stdio: ["ignore", "pipe", "pipe"] });
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

  it("opens a life once: what it has said before stays", async () => {
    const { stdout, stderr } = await history(["open", TAG]);
    strictEqual(stderr, "");
    deepStrictEqual(JSON.parse(stdout), { openedAt: OPENED });
    const first = await history(["open", TAG], { PULUMI_COMMAND_STDOUT: "" });
    match(first.stdout, /^\{"openedAt":"20\d\d-\d\d-\d\dT[\d:.]+Z"\}\n$/);
  });

  it("writes the line of a network that never came up, and never again", async () => {
    const { exitCode, stderr } = await history(["close", TAG]);
    strictEqual(exitCode, 0, stderr);
    match(
      stderr,
      /nothing is left of v1\.2\.3\+1\nv1\.2\.3\+1 is history: http:\/\/discover\.example\.org\/networks\/1_2_3_1/,
    );
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

  it("writes why, the verdict, the archive and what the nodes said last", async () => {
    const store = openStore(archive);
    const closed = { schema: 1, tag: TAG, closedAt: "2026-11-21T00:00:00Z", objects: [{ key: "samples.json" }] };
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

  it("writes nothing while a record or a key is left, and goes on when it is gone", async () => {
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
    match(
      line,
      /^waiting for nothing to be left of v1\.2\.3\+1: the zone still names api-v1-2-3-1\.example\.org: delete/,
    );
    strictEqual((await cloudflare.fetch(`${values}/${encodeURIComponent(KEY)}`)).status, 404);
    await cloudflare.call("DELETE", `/zones/${ZONE.id}/dns_records/${result.id}`);
    const { exitCode, stderr } = await end;
    strictEqual(exitCode, 0, stderr);
  });

  it("finds a process of this network by its command line, and none of another world's", async () => {
    // A stand-in of go-spacecraft that an engine has left behind: it works until its standard input ends.
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
    match(
      line,
      new RegExp(
        `process ${left.pid} still works for it \\(.*go-spacecraft createNetwork .*: end it with kill ${left.pid}`,
      ),
    );

    const elsewhere = await history(["close", TAG], { PULUMI_BACKEND_URL: "file:///another/world" });
    strictEqual(elsewhere.exitCode, 0, elsewhere.stderr);
    left.stdin.end();
    const { exitCode, stderr } = await end;
    strictEqual(exitCode, 0, stderr);
  });
});

import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { zeroBits } from "../../../tap/core/proof-of-work";
import { testAddress } from "../../support/tap/addresses";
import { FakeChain, randomFrom } from "../../support/tap/fake-chain";
import { RunningTap, servedChain } from "../../support/tap/running";

const BITS = 8;

describe("the tap's server", function () {
  this.timeout(30_000);
  let folder: string;
  let chain: FakeChain;
  let served: Awaited<ReturnType<typeof servedChain>>;
  let tap: RunningTap;
  let settings: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tap-"));
    chain = new FakeChain(10n ** 9n, randomFrom(1));
    served = await servedChain(chain);
    settings = {
      TAP_NETWORK: "v1.2.3+1",
      TAP_HRP: "stest",
      TAP_AMOUNT: "1000",
      TAP_BUDGET: "5000",
      TAP_FEE: "100",
      TAP_POW_BITS: `${BITS}`,
      TAP_TRUSTED_PROXIES: "127.0.0.1",
      TAP_EXPLORER: "https://explorer.example.net/txs/0x{transaction}",
      TAP_DATA_FOLDER: folder,
      TAP_NODES: served.address,
      TAP_EVERY: "1",
      TAP_METRICS_LISTEN: "127.0.0.1:0",
    };
    tap = await RunningTap.start(settings);
    for (let left = 100; !(await json("/api/status")).body.gives; left--) {
      ok(left > 0, "the tap never gives");
      chain.nextLayer();
      await delay(50);
    }
  });

  after(async () => {
    await tap.end("SIGKILL");
    await served.close();
    rmSync(folder, { recursive: true });
  });

  async function json(path: string, body?: object, client = "203.0.113.1", type = "application/json") {
    const answer = await fetch(`${tap.url}${path}`, {
      method: body ? "POST" : "GET",
      headers: { "X-Forwarded-For": client, ...(body && { "Content-Type": type }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  }

  async function opening(address: string, client?: string) {
    const { body } = await json(`/api/challenge?address=${address}`, undefined, client);
    const challenge = String(body.challenge);
    let proof = 0;
    while (zeroBits(`${challenge}:${proof}`) < BITS) proof++;
    return { address, challenge, proof: `${proof}` };
  }

  it("gives for a proof, and says paid with the explorer's page when the chain applied it", async () => {
    const address = testAddress(1);
    const given = await json("/api/gifts", await opening(address));
    strictEqual(given.status, 202);
    strictEqual(given.body.state, "waiting");
    const path = String(given.headers.get("location"));
    for (let left = 100; (await json(path)).body.state !== "paid"; left--) {
      ok(left > 0, "never paid");
      chain.nextLayer();
      await delay(50);
    }
    const { body } = await json(path);
    deepStrictEqual(
      chain.payments.map(({ to, id }) => [to, id]),
      [[address, body.transaction]],
    );
    strictEqual(body.explorer, `https://explorer.example.net/txs/0x${body.transaction}`);
    const page = await (await fetch(`${tap.url}/gifts/${body.id}`)).text();
    match(page, /<h2>Paid<\/h2>/);
  });

  it("refuses a second one by address and by internet address, with the time of the next", async () => {
    const again = await json(`/api/challenge?address=${testAddress(1)}`, undefined, "203.0.113.2");
    deepStrictEqual([again.status, again.body.error], [429, "AddressServed"]);
    match(String(again.body.tryAgain), /T00:00:00\.000Z$/);
    ok(again.headers.get("retry-after"));
    deepStrictEqual((await json("/api/gifts", { address: testAddress(2) })).body.error, "ClientServed");
  });

  it("refuses without a proof, and a proof a second time", async () => {
    const client = "203.0.113.3";
    strictEqual((await json("/api/gifts", { address: testAddress(3) }, client)).body.error, "ProofMissing");
    const wrong = { ...(await opening(testAddress(3), client)), address: testAddress(4) };
    strictEqual((await json("/api/gifts", wrong, client)).body.error, "ChallengeInvalid");
  });

  it("refuses what is no request of its own", async () => {
    const address = testAddress(5);
    strictEqual((await json("/api/gifts", { address: 5 })).status, 400);
    strictEqual((await json("/api/gifts", { address }, "203.0.113.5", "text/plain")).status, 400);
    strictEqual((await json("/api/gifts", { address: "a".repeat(9000) })).status, 400);
    const foreign = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site" };
    const form = { method: "POST", headers: foreign, body: `address=${address}` };
    strictEqual((await fetch(`${tap.url}/gifts`, form)).status, 400);
    strictEqual((await fetch(tap.url, { method: "DELETE" })).status, 405);
    strictEqual((await json("/api/gifts/000000000000000000000000")).status, 404);
  });

  it("escapes what others typed, and runs no script but its own", async () => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = `address=${encodeURIComponent('"><script>alert(1)</script>')}`;
    const answer = await fetch(`${tap.url}/gifts`, { method: "POST", headers, body });
    strictEqual(answer.status, 400);
    strictEqual((await answer.text()).includes("<script>alert"), false);
    match(answer.headers.get("content-security-policy") ?? "", /script-src 'sha256-[^']+';/);
  });

  it("shows metrics at a port of their own, and nothing else there", async () => {
    strictEqual((await fetch(`${tap.url}/metrics`)).status, 404);
    for (const path of ["/", "/healthz", "/api/status"])
      strictEqual((await fetch(`${tap.metricsUrl}${path}`)).status, 404, path);
    strictEqual((await fetch(`${tap.metricsUrl}/metrics`, { method: "POST" })).status, 404);
    const text = await (await fetch(`${tap.metricsUrl}/metrics`)).text();
    match(text, /^smeshnet_tap_gifts\{state="paid"\} 1$/m);
    match(text, /^smeshnet_tap_budget_left_smidge 4000$/m);
    match(text, /^smeshnet_tap_budget_smidge 5000$/m);
    match(text, /^smeshnet_tap_balance_smidge [1-9]\d*$/m);
  });

  it("is healthy, and alone in its folder", async () => {
    strictEqual((await fetch(`${tap.url}/healthz`)).status, 200);
    const second = await RunningTap.start(settings).catch((error: Error) => error);
    ok(second instanceof Error);
    match(second.message, /^error\[DataFolderTaken\]/);
  });

  it("ends at SIGTERM with 0", async () => deepStrictEqual(await tap.end("SIGTERM"), [0, null]));
});

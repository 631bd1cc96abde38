import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { dayOf } from "../../../tap/core/day";
import { testAddress } from "../../support/tap/addresses";
import { FakeChain, GOOD, RUDE, randomFrom } from "../../support/tap/fake-chain";
import { RunningTap, servedChain } from "../../support/tap/running";

const REQUESTS = 10_000;
const ADDRESSES = 200;
const CLIENTS = 300;
const AMOUNT = 1000n;
/** Fewer gifts than addresses, so that the budget binds. */
const BUDGET = 150n * AMOUNT;
const AT_ONCE = 64;
/** How often the process is killed, and after how many requests each time. */
const KILLS = 5;
const KILL_EVERY = Math.ceil(REQUESTS / (KILLS + 1));

interface Answer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly state?: string; readonly error?: string };
}

describe("a tap under attack", function () {
  this.timeout(60_000);

  it("exceeds no budget, pays nobody twice and everybody whom it promised, through kill -9", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tap-"));
    const random = randomFrom(18);
    const chain = new FakeChain(10n ** 9n, random);
    const served = await servedChain(chain);
    const layers = setInterval(() => chain.nextLayer(), 100);
    const begin = dayOf(Date.now());
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const start = () =>
      RunningTap.start({
        TAP_NETWORK: "v1.2.3+1",
        TAP_HRP: "stest",
        TAP_AMOUNT: `${AMOUNT}`,
        TAP_BUDGET: `${BUDGET}`,
        TAP_FEE: "100",
        TAP_GATE: "none",
        TAP_TRUSTED_PROXIES: "127.0.0.0/8",
        TAP_DATA_FOLDER: folder,
        TAP_NODES: served.address,
        TAP_EVERY: "1",
        TAP_PATIENCE: "1",
      });
    let tap = await start();
    const taps = [tap];
    try {
      await until(
        async () => (await ask(agent, tap, "GET", "/api/status")).body,
        ({ gives }) => gives === true,
      );
      chain.manners = RUDE;
      const promised = new Set<string>();
      const paid = new Set<string>();
      const statuses = new Map<number, number>();
      let sent = 0;
      let life = Promise.resolve();
      const attacker = async (): Promise<void> => {
        while (sent < REQUESTS) {
          const number = sent++;
          if (number % KILL_EVERY === 0 && number > 0) {
            life = life.then(async () => {
              await tap.end("SIGKILL");
              tap = await start();
              taps.push(tap);
            });
          }
          const address = testAddress(Math.floor(random() * ADDRESSES));
          const client = `203.0.113.${Math.floor(random() * CLIENTS) % 250}`;
          const answer = await ask(agent, tap, "POST", "/api/gifts", { address }, client).catch(() => undefined);
          if (!answer) {
            await life; // killed: this request counts, and its promise was not told
            continue;
          }
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (answer.status === 202) promised.add(answer.body.id ?? "");
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, attacker));
      await life;
      const states = async (): Promise<string[]> => {
        const all: string[] = [];
        for (const id of promised) {
          const { body } = await ask(agent, tap, "GET", `/api/gifts/${id}`);
          if (body.state === "paid") paid.add(id);
          all.push(body.state ?? "lost");
        }
        return all;
      };
      await states();
      chain.manners = GOOD;
      await until(states, (all) => all.every((state) => state === "paid" || state === "failed"));
      const days = dayOf(Date.now()) === begin ? 1 : 2;
      const total = chain.payments.reduce((sum, { amount }) => sum + amount, 0n);
      ok(total <= BUDGET * BigInt(days), `${total} was paid`);
      ok(promised.size >= 60, `${promised.size} gifts were promised`);
      const perAddress = new Map<string, number>();
      for (const { to } of chain.payments) perAddress.set(to, (perAddress.get(to) ?? 0) + 1);
      for (const [address, count] of perAddress) ok(count <= days, `${address}: ${count}`);
      const end = await states();
      strictEqual(end.includes("lost"), false);
      const journal = readFileSync(join(folder, "journal.jsonl"), "utf8");
      const lines = journal
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, string>);
      const told = lines.filter(({ kind, gift }) => kind === "accepted" && promised.has(gift ?? ""));
      strictEqual(told.length, promised.size);
      for (const { gift, recipient } of told) if (paid.has(gift ?? "")) ok(perAddress.has(recipient ?? ""), `${gift}`);
      strictEqual(lines.filter(({ kind }) => kind === "opened").length, KILLS + 1);
      strictEqual(
        [...statuses.keys()].every((status) => [202, 429, 503].includes(status)),
        true,
        String([...statuses]),
      );
      deepStrictEqual(await tap.end("SIGTERM"), [0, null]);
      strictEqual(taps.length, KILLS + 1);
    } finally {
      clearInterval(layers);
      await tap.end("SIGKILL");
      agent.destroy();
      await served.close();
      rmSync(folder, { recursive: true });
    }
  });
});

function ask(agent: Agent, tap: RunningTap, method: string, path: string, body?: object, client = "203.0.113.1") {
  return new Promise<Answer & { readonly body: Record<string, unknown> }>((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "X-Forwarded-For": client };
    const sent = request(`${tap.url}${path}`, { method, agent, headers }, (response) => {
      let text = "";
      response.on("data", (data) => {
        text += data;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on("error", reject);
    sent.end(body && JSON.stringify(body));
  });
}

async function until<T>(look: () => Promise<T>, isDone: (seen: T) => boolean): Promise<void> {
  for (let left = 100; ; left--) {
    const seen = await look();
    if (isDone(seen)) return;
    ok(left > 0, JSON.stringify(seen));
    await delay(100);
  }
}

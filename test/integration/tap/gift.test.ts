import { ok, strictEqual } from "node:assert";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../../infra/base/lib/run";
import { waitFor } from "../../../infra/base/lib/wait";
import { genesisId } from "../../../sandbox/chain/today/genesis";
import { nodeChain } from "../../../tap/chain/node-chain";
import { openWallet } from "../../../tap/chain/wallet";
import { CHECKOUT } from "../../support/checkout";
import { testAddress } from "../../support/tap/addresses";
import { JoinerWallet } from "../../support/tap/joiner-wallet";
import { RunningTap } from "../../support/tap/running";
import { TodayProcess } from "../../support/today-process";
import { PUBLIC_PORT, TodayWorld } from "../../support/today-world";

const SEED = "07".repeat(32);
const AMOUNT = 10_000_000_000n;

describe("the tap's own program, with simulated nodes of today", function () {
  this.timeout(40_000);

  it("spawns its account and pays a gift to a new wallet of Smapp's packages, which spends it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tap-"));
    const world = await TodayWorld.make(5);
    const id = genesisId(world.genesisTime, "v1.2.3+1").toString("hex");
    const wallet = openWallet(SEED, { hrp: "stest", genesisId: id });
    const joiner = new JoinerWallet(randomBytes(64), "stest", id);
    const genesis = {
      "genesis-time": new Date(world.genesisTime).toISOString(),
      "genesis-extra-data": "v1.2.3+1",
      accounts: { [wallet.address]: 1_000_000_000_000 },
    };
    const main = { "layer-duration": "250ms", "layers-per-epoch": 2 };
    const config = { genesis, main, hare3: { "preround-delay": "10ms", "round-duration": "10ms" } };
    // One alone has no peer to sync with.
    const containers = [4, 8].map((number) => world.container(number, { bootnode: 4, config }));
    writeFileSync(join(world.network(), "beacons.json"), JSON.stringify({ [id]: 3 }));
    const nodes = await TodayProcess.start(containers);
    const targets = containers.map(({ address }) => `${address}:${PUBLIC_PORT}`);
    const chain = nodeChain({ address: targets[0] ?? "" });
    let tap: RunningTap | undefined;
    try {
      tap = await RunningTap.start(
        {
          TAP_NETWORK: "v1.2.3+1",
          TAP_HRP: "stest",
          TAP_AMOUNT: `${AMOUNT}`,
          TAP_BUDGET: `${AMOUNT * 10n}`,
          TAP_GATE: "none",
          TAP_DATA_FOLDER: folder,
          TAP_NODES: targets.join(","),
          TAP_EVERY: "1",
          TAP_SEED: SEED,
        },
        join(CHECKOUT, "tap/main.ts"),
      );
      const { url } = tap;
      const given = await seen("the tap to give", async () => {
        const headers = { "Content-Type": "application/json" };
        const body = JSON.stringify({ address: joiner.address });
        const answer = await fetch(`${url}/api/gifts`, { method: "POST", headers, body });
        return answer.status === 202 ? ((await answer.json()) as { id: string }) : undefined;
      });
      await seen("the gift to be paid", async () => {
        const answer = await fetch(`${url}/api/gifts/${given.id}`);
        return (await answer.text()).includes('"state":"paid"') || undefined;
      });
      const { signal } = new AbortController();
      const full = await chain.account(joiner.address, signal);
      strictEqual(full.balance, AMOUNT);
      await chain.submit(joiner.spawn(full.nextNonce), signal);
      const spawned = await seen("the joiner's account to be spawned", async () => {
        const account = await chain.account(joiner.address, signal);
        return account.spawned ? account : undefined;
      });
      await chain.submit(joiner.spend(testAddress(2), AMOUNT / 4n, spawned.nextNonce), signal);
      const other = await seen("the joiner's coins to arrive", async () => {
        const account = await chain.account(testAddress(2), signal);
        return account.balance > 0n ? account : undefined;
      });
      strictEqual(other.balance, AMOUNT / 4n);
      const { balance } = await chain.account(joiner.address, signal);
      ok(balance < AMOUNT - other.balance && balance > AMOUNT / 2n, `${balance} is left`);
      ok(!tap.log.join("").includes(SEED), "the seed is in the log");
    } finally {
      await tap?.end("SIGKILL");
      chain.close();
      await nodes.kill();
      await world.end();
      rmSync(folder, { recursive: true });
    }
  });
});

const seen = <T extends object | true>(what: string, ask: () => Promise<T | undefined>): Promise<T> =>
  waitFor<T>(
    async () => {
      const value = await ask();
      return value === undefined ? { seen: "not yet" } : { value };
    },
    { what, limit: 20, every: 0.1 },
    runWith(),
  );

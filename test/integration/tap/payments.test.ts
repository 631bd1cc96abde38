import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TransactionRefused } from "../../../infra/base/clients/node/client";
import { CallError } from "../../../infra/base/clients/node/connection";
import { genesisId } from "../../../sandbox/chain/today/genesis";
import type { Chain, Signed, Wallet } from "../../../tap/chain/chain";
import { nodeChain } from "../../../tap/chain/node-chain";
import { openWallet } from "../../../tap/chain/wallet";
import { until } from "../../support/chain-world";
import { TodayProcess } from "../../support/today-process";
import { answer, PUBLIC_PORT, TodayWorld } from "../../support/today-world";
import { type V1Front, v1Front } from "../../support/v1-front";

const RICH = 1_000_000_000_000n;
const SPAWN_GAS = 100_432n;

describe("the tap's chain, with simulated nodes of today", function () {
  this.timeout(40_000);
  const { signal } = new AbortController();

  let world: TodayWorld;
  let nodes: TodayProcess;
  let front: V1Front | undefined;
  const chains: Chain[] = [];
  afterEach(async () => {
    for (const chain of chains.splice(0)) chain.close();
    front?.stop();
    front = undefined;
    await nodes.kill();
    await world.end();
  });

  /** Two nodes with layers of a quarter of a second, in layer 20 of a network that funded a wallet. */
  async function start() {
    world = await TodayWorld.make(5);
    const id = genesisId(world.genesisTime, "v1.2.3+1").toString("hex");
    const wallet = openWallet("07".repeat(32), { hrp: "stest", genesisId: id });
    const genesis = {
      "genesis-time": new Date(world.genesisTime).toISOString(),
      "genesis-extra-data": "v1.2.3+1",
      accounts: { [wallet.address]: Number(RICH) },
    };
    const main = { "layer-duration": "250ms", "layers-per-epoch": 2 };
    const hare3 = { "preround-delay": "10ms", "round-duration": "10ms" };
    const wish = { bootnode: 4, config: { genesis, main, hare3 } };
    const containers = [4, 8].map((number) => world.container(number, wish));
    writeFileSync(join(world.network(), "beacons.json"), JSON.stringify({ [id]: 3 }));
    const restart = async () => {
      nodes = await TodayProcess.start(containers);
    };
    await restart();
    const addresses = containers.map(({ address }) => address);
    return { wallet, id, restart, addresses };
  }

  const chainOf = (address: string): Chain => {
    const chain = nodeChain({ address });
    chains.push(chain);
    return chain;
  };

  const synced = (address: string) =>
    until("the node is synced", async () => {
      const { body } = await answer(address, "/v1/node/status", { method: "POST" });
      return JSON.stringify(body).includes('"isSynced":true');
    });

  const applied = (chain: Chain, { id }: Signed) =>
    until("the transaction is applied", async () => {
      const told = await chain.fate(id, signal);
      return told.fate === "pending" || told.fate === "unknown" ? undefined : told;
    });

  /** Balances by both generations of a node's JSON API, in smidge. */
  async function balances(address: string, accounts: readonly string[]): Promise<(readonly [string, string])[]> {
    const ask = async (path: string, body: object) =>
      JSON.stringify((await answer(address, path, { method: "POST", body: JSON.stringify(body) })).body);
    return Promise.all(
      accounts.map(async (account) => {
        const v1 = await ask("/v1/globalstate/account", { accountId: { address: account } });
        const v2 = await ask("/spacemesh.v2beta1.AccountService/List", { addresses: [account], limit: 1 });
        const [inV1, inV2] = [/stateCurrent.*?"value":"(\d+)"/, /current.*?"balance":"(\d+)"/];
        return [inV1.exec(v1)?.[1] ?? "none", inV2.exec(v2)?.[1] ?? "none"] as const;
      }),
    );
  }

  it("spawns, pays, and shows the same balances on every node after kill -9", async () => {
    const { wallet, id, restart, addresses } = await start();
    const [first = "", second = ""] = addresses;
    const chain = chainOf(`${first}:${PUBLIC_PORT}`);
    await rejects(
      chain.submit(wallet.spawn(0n).raw, signal),
      (error) => error instanceof TransactionRefused && error.isTemporary,
    );
    await Promise.all(addresses.map(synced));
    strictEqual(await chain.genesisId(), id);
    deepStrictEqual(await chain.account(wallet.address, signal), {
      balance: RICH,
      available: RICH,
      nextNonce: 0n,
      spawned: false,
    });
    const guest = openWallet("08".repeat(32), { hrp: "stest", genesisId: id }).address;
    deepStrictEqual(await chain.account(guest, signal), {
      balance: 0n,
      available: 0n,
      nextNonce: 0n,
      spawned: false,
    });
    await rejects(chain.submit(wallet.spend(guest, 5n, 0n).raw, signal), refused(/account is not spawned/));

    const spawn = wallet.spawn(0n);
    deepStrictEqual(await chain.fate(spawn.id, signal), { fate: "unknown" });
    await chain.submit(spawn.raw, signal);
    await chain.submit(spawn.raw, signal);
    // Nodes share what is pending.
    deepStrictEqual(await chainOf(`${second}:${PUBLIC_PORT}`).fate(spawn.id, signal), { fate: "pending" });
    const pending = await chain.account(wallet.address, signal);
    deepStrictEqual([pending.available, pending.nextNonce], [RICH - SPAWN_GAS, 1n]);
    strictEqual((await applied(chain, spawn)).fate, "applied");
    ok((await chain.account(wallet.address, signal)).spawned);

    const gifts = [wallet.spend(guest, 700n, 1n), wallet.spend(guest, 50n, 2n)] as const;
    for (const { raw } of gifts) await chain.submit(raw, signal);
    const [gift] = gifts;
    const told = await applied(chain, gift);
    ok(told.fate === "applied" && (told.layer ?? 0) > 20, JSON.stringify(told));
    strictEqual((await applied(chain, gifts[1])).fate, "applied");
    // A killed node shows what it had applied at the start of the last layer.
    const paid = await until("both nodes show both gifts", async () => {
      const all = await Promise.all(addresses.map((address) => balances(address, [wallet.address, guest])));
      return all.every(([, guests]) => guests?.[0] === "750") ? all : undefined;
    });
    const left = paid[0]?.[0]?.[0] ?? "";
    ok(BigInt(left) < RICH - SPAWN_GAS - 750n);
    for (const one of paid)
      deepStrictEqual(one, [
        [left, left],
        ["750", "750"],
      ]);

    await nodes.kill();
    // Nobody knows what became of a call without an answer, so that is no refusal.
    await rejects(chain.submit(gift.raw, signal), (error) => error instanceof CallError);
    await restart();
    await Promise.all(addresses.map(synced));
    for (const address of addresses) deepStrictEqual(await balances(address, [wallet.address, guest]), paid[0]);
    deepStrictEqual(await applied(chainOf(`${second}:${PUBLIC_PORT}`), gift), told);
    await chain.submit(gift.raw, signal);
    await rejects(chain.submit(wallet.spend(guest, 1n, 1n).raw, signal), refused(/bad nonce/));
  });

  it("pays by v1 where a node has nothing newer, and tells what failed", async () => {
    const { wallet, id, addresses } = await start();
    const [first = ""] = addresses;
    front = await v1Front(`${first}:${PUBLIC_PORT}`);
    const [v1, v2] = [chainOf(front.address), chainOf(`${first}:${PUBLIC_PORT}`)];
    await synced(first);
    const guest = openWallet("08".repeat(32), { hrp: "stest", genesisId: id }).address;
    strictEqual(await v1.genesisId(), id);
    await agree(v1, v2, wallet);
    const [spawn, again] = [wallet.spawn(0n), wallet.spawn(1n)];
    await v1.submit(spawn.raw, signal);
    await v1.submit(spawn.raw, signal);
    deepStrictEqual(await applied(v1, spawn), await applied(v2, spawn));
    await v1.submit(again.raw, signal);
    const failed = await applied(v1, again);
    deepStrictEqual([failed.fate, failed.reason], ["failed", "account already spawned"]);
    deepStrictEqual(await v2.fate(again.id, signal), failed);
    deepStrictEqual(await v1.fate("00".repeat(32), signal), { fate: "unknown" });
    const gift = wallet.spend(guest, 700n, 2n);
    await v1.submit(gift.raw, signal);
    strictEqual((await applied(v1, gift)).fate, "applied");
    await agree(v1, v2, wallet);
    await rejects(v1.submit(wallet.spend(guest, RICH, 3n).raw, signal), refused(/insufficient balance/));
    deepStrictEqual(await listed(first, guest), [{ send: { destination: guest, amount: "700" } }]);
    const next = { transaction: Buffer.from(wallet.spend(guest, 1n, 3n).raw).toString("base64"), verify: true };
    deepStrictEqual(await posted(first, "TransactionService/EstimateGas", next), {
      status: null,
      recommendedMaxGas: "36090",
    });
    const forged = { ...next, transaction: next.transaction.replace(/.{8}$/, "AAAAAAAA") };
    deepStrictEqual(await posted(first, "TransactionService/ParseTransaction", forged), {
      code: 3,
      message: "signature is invalid",
      details: [],
    });
    await rejects(v2.account(wallet.address, AbortSignal.abort(new Error("over"))), /over/);
  });

  const posted = async (address: string, path: string, body: object) =>
    (await answer(address, `/spacemesh.v2beta1.${path}`, { method: "POST", body: JSON.stringify(body) })).body;

  /** The contents of an account's transactions, by GET. */
  async function listed(address: string, account: string) {
    const path = `/spacemesh.v2beta1.TransactionService/List?address=${account}&limit=5`;
    const { transactions } = (await answer(address, path, {})).body as { transactions: { tx: { contents: object } }[] };
    return transactions.map(({ tx }) => tx.contents);
  }

  const agree = async (one: Chain, other: Chain, { address }: Wallet) =>
    deepStrictEqual(await one.account(address, signal), await other.account(address, signal));

  const refused = (form: RegExp) => (error: unknown) => error instanceof TransactionRefused && form.test(error.reason);
});

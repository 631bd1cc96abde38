import { createHash, randomBytes } from "node:crypto";
import { promises as dns } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { addressText } from "../infra/base/model/account-address";
import { walletAccount } from "../infra/base/model/wallet-account";
import { SandboxError, type World } from "./home";
import { originOf } from "./tls/public-side";

/** Milliseconds within which a tap pays here, where a layer takes a few seconds, and between two looks. */
const PATIENCE = 60_000;
const LOOK_EVERY = 200;

/** Where a network and its tap are reached, e.g. of `v1-2-3-1` or of a channel. */
export interface TapHosts {
  readonly tap: string;
  readonly api: string;
}

/** A gift that was paid, and what the explorer shows of it. Amounts are in smidge. */
export interface PaidGift {
  readonly address: string;
  readonly amount: string;
  /** By the API of the node, which the explorer's page of an account reads. */
  readonly balance: string;
  /** Page of the transaction in the explorer. */
  readonly explorer: string;
}

const Challenge = z.object({ challenge: z.string().optional(), bits: z.int().optional() });
const Gift = z.object({ id: z.string(), state: z.enum(["waiting", "paid", "failed"]), amount: z.string() });
const Explorer = z.object({ explorer: z.string() });
const Received = z.object({ received: z.number(), transactions_count: z.number() });
const Accounts = z.object({ accounts: z.tuple([z.object({ current: z.object({ balance: z.string() }) })]) });

type PublicWorld = Pick<World, "ports" | "publicPort" | "tls">;

/**
 * Asks a tap for a gift for a new address, as everybody may, and waits until the chain has applied it.
 * @param trusted certificates that count, PEM; with TLS
 * @throws {SandboxError} when the tap refuses, or does not pay in time
 */
export async function askForGift(world: PublicWorld, hosts: TapHosts, trusted?: string): Promise<PaidGift> {
  const call = callerIn(world, trusted);
  const address = addressText(walletAccount(randomBytes(32)), "stest"); // nobody has its key
  const { challenge, bits = 0 } = Challenge.parse(await call(hosts.tap, `/api/challenge?address=${address}`));
  const gate = challenge === undefined ? {} : { challenge, proof: proofOf(challenge, bits) };
  const { id, amount } = Gift.parse(await call(hosts.tap, "/api/gifts", { address, ...gate }));
  const end = Date.now() + PATIENCE;
  for (;;) {
    const told = await call(hosts.tap, `/api/gifts/${id}`);
    const { state } = Gift.parse(told);
    if (state === "paid") {
      const { explorer } = Explorer.parse(told);
      await shownBy(new URL(explorer).hostname);
      return { address, amount, balance: await balanceOf(), explorer };
    }
    if (state === "failed" || Date.now() > end) throw new SandboxError(`The gift ${id} of ${hosts.tap} is ${state}.`);
    await sleep(LOOK_EVERY);
  }

  /** Waits until the explorer's own API counts the gift, from the database of its node. */
  async function shownBy(explorer: string): Promise<void> {
    for (;;) {
      const { received, transactions_count: count } = Received.parse(await call(explorer, `/api/account/${address}`));
      if (`${received}` === amount && count === 1) return;
      if (Date.now() > end)
        throw new SandboxError(`${explorer} shows that ${address} received ${received} smidge of ${amount}.`);
      await sleep(LOOK_EVERY);
    }
  }

  async function balanceOf(): Promise<string> {
    const asked = { addresses: [address], limit: 1 };
    const { accounts } = Accounts.parse(await call(hosts.api, "/spacemesh.v2beta1.AccountService/List", asked));
    return accounts[0].current.balance;
  }
}

/** The first number that, behind the challenge, makes a hash with so many zero bits. */
function proofOf(challenge: string, bits: number): string {
  for (let proof = 0; ; proof++) {
    const digest = createHash("sha256").update(`${challenge}:${proof}`).digest();
    if (digest.readUInt32BE(0) < 2 ** (32 - bits)) return `${proof}`;
  }
}

/** Calls hosts by the names that the sandbox's DNS has. */
function callerIn({ ports, publicPort, tls }: PublicWorld, ca: string | undefined) {
  const resolver = new dns.Resolver();
  resolver.setServers([`127.0.0.1:${ports.dns}`]);
  const lookup: LookupFunction = (host, options, done) =>
    void resolver.resolve4(host).then(
      ([address = ""]) => (options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)),
      (error) => done(error, ""),
    );
  return async (host: string, path: string, body?: object): Promise<unknown> => {
    const sent = (tls ? https : http).request(`${originOf({ tls, publicPort }, host)}${path}`, {
      ...(tls && { ca }),
      method: body ? "POST" : "GET",
      headers: body ? { "content-type": "application/json" } : {},
      lookup,
      agent: false,
    });
    const { statusCode = 0, answer } = await new Promise<{ statusCode?: number; answer: string }>((resolve, reject) => {
      sent.on("error", reject);
      sent.on("response", async (response) =>
        text(response).then((answer) => resolve({ statusCode: response.statusCode ?? 0, answer }), reject),
      );
      sent.end(body && JSON.stringify(body));
    });
    if (statusCode < 300) return JSON.parse(answer);
    throw new SandboxError(`${host} answers ${statusCode} to ${path}: ${answer.trim()}`);
  };
}

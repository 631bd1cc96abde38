import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { realClock } from "../infra/base/lib/clock";
import { errorText, UserError } from "../infra/base/lib/errors";
import { Book } from "./book";
import type { Wallet } from "./chain/chain";
import { type Config, readConfig, variableOf } from "./config";
import { TrustedProxies } from "./core/client";
import { ProofOfWork } from "./core/proof-of-work";
import { helpText } from "./help";
import { JournalFile } from "./journal";
import { lockFolder } from "./lock";
import { complain, log, print } from "./log";
import { Loop } from "./loop";
import { Metrics } from "./metrics";
import { type PayChain, Payer } from "./payer";
import { Tap } from "./tap";
import { listenAt, metricsServer, tapServer } from "./web/server";

/** The account, and the way to the network. */
export interface Means {
  readonly wallet: Wallet;
  readonly chain: PayChain;
}

/** Makes the {@link Means} of a tap. */
export type Open = (config: Config, environment: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<Means>;

/** Runs the tap as this process: reads its variables, works until SIGTERM or SIGINT, and sets the exit code. */
export async function runAsTap(words: readonly string[], environment: NodeJS.ProcessEnv, open: Open): Promise<void> {
  if (words.includes("--help") || words.includes("-h")) return print(helpText());
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort(signal));
  try {
    if (words.length > 0) throw new UserError("TapUsage", `${words[0]} is no option.`, "Use --help.", 2);
    const config = readConfig(environment);
    await runTap(config, await open(config, environment, interrupt.signal), interrupt);
  } catch (error) {
    const isEnded = interrupt.signal.aborted && (error as Error).name === "AbortError"; // before it opened
    if (!isEnded) complain(error instanceof UserError ? errorText(error) : ((error as Error).stack ?? String(error)));
    process.exitCode = isEnded ? 0 : error instanceof UserError ? error.exitCode : 1;
  }
  // A node's client may hold sockets open; the tap is over.
  process.exit();
}

/**
 * Runs the tap until the signal of `interrupt` is aborted.
 * @throws {UserError} when the folder is taken, the journal is wrong or cannot be written, or the address is taken
 */
export async function runTap(config: Config, { wallet, chain }: Means, interrupt: AbortController): Promise<void> {
  const { network, dataFolder, gate: gateKind, explorer } = config;
  const journal = new JournalFile(dataFolder);
  const unlock = await lockFolder(dataFolder);
  const clock = realClock;
  const owner = { network, account: wallet.address };
  const book = new Book(journal, owner, () => clock.now(), journal.path);
  const terms = { hrp: config.hrp, amount: config.amount, budget: config.budget, fee: config.fee };
  const payer = new Payer({ book, chain, wallet, terms, clock, log, patience: config.patience });
  const loop = new Loop(payer, clock, config.every);
  // A new secret for each process: challenges of an earlier one, used or not, count for nothing.
  const gate = gateKind === "pow" ? new ProofOfWork(config.powBits, randomBytes(32)) : undefined;
  const metrics = new Metrics();
  const tap = new Tap({
    ...owner,
    terms,
    gate,
    book,
    payer,
    clock,
    wake: () => loop.wake(),
    refused: (code) => metrics.refused(code),
  });
  metrics.show(tap);
  let failure: { readonly error: unknown } | undefined;
  const server = tapServer({
    tap,
    trusted: new TrustedProxies(config.trustedProxies),
    explorer,
    troubles: () => [
      ...[journal.problem() ?? []].flat(),
      ...(loop.isAlive ? [] : ["the loop that pays does not move"]),
    ],
    fatal: (error) => {
      failure ??= { error };
      interrupt.abort("fatal");
    },
  });
  const address = await listenAt(server, config.listen, variableOf("listen"));
  const watched = config.metricsListen === undefined ? undefined : metricsServer(metrics.registry);
  const metricsAddress = watched && (await listenAt(watched, config.metricsListen ?? "", variableOf("metricsListen")));
  const { waiting } = book.ledger.count;
  log("tap opened", { address, metrics: metricsAddress, network, account: wallet.address, waiting });
  try {
    await loop.run(interrupt.signal);
  } finally {
    await Promise.all([server, ...(watched ? [watched] : [])].map(closed));
    await unlock();
    journal.close();
  }
  if (failure) throw failure.error;
  log("tap closed", { waiting: book.ledger.count.waiting });
}

/** Ends a server when the requests that it has are answered. */
const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });

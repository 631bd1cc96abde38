import type { Clock } from "../infra/base/lib/clock";
import type { Chain } from "./chain/chain";
import { nodeChain } from "./chain/node-chain";
import { readSeed } from "./chain/seed";
import { openWallet } from "./chain/wallet";
import type { Config } from "./config";
import type { Log } from "./log";
import { NodesInTurn } from "./nodes-in-turn";
import type { Means } from "./program";

/** Time between two rounds over all nodes while none answers, in seconds. */
const PAUSE = 5;

/**
 * Opens the tap's account, and its way to the nodes.
 * @throws {UserError} for a wrong seed; the signal's reason when it is aborted while no node answers
 */
export async function openMeans(
  { nodes, hrp, genesisId }: Config,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Means> {
  const seed = readSeed(environment);
  openWallet(seed, { hrp, genesisId: "" }); // a wrong seed is known before any node is asked
  const chains = nodes.map((address) => nodeChain({ address }));
  const network = { hrp, genesisId: genesisId ?? (await askedGenesis(chains, signal, clock, log)) };
  return { wallet: openWallet(seed, network), chain: new NodesInTurn(chains) };
}

async function askedGenesis(chains: readonly Chain[], signal: AbortSignal, clock: Clock, log: Log): Promise<string> {
  for (;;) {
    for (const chain of chains) {
      try {
        return await chain.genesisId();
      } catch (error) {
        log("waiting for a node", { why: (error as Error).message });
      }
    }
    await clock.sleep(PAUSE, signal);
  }
}

import { createHash, sign } from "node:crypto";
import { z } from "zod";
import { type Named, withAddress } from "../../kubernetes/names";
import { type LayerClock, onEveryLayer } from "../clock";
import type { NodeConfig } from "./node-config";
import type { Identity } from "./node-data";
import type { NodeLog } from "./node-log";
import { get } from "./pod-http";
import { ripemd256 } from "./ripemd256";

const TIMEOUT = 2_000;

const Params = z.object({ powParams: z.object({ challenge: z.base64(), difficulty: z.int().max(20).default(0) }) });

/** What it needs of a node's config. */
type Registering = LayerClock & Pick<NodeConfig, "phaseShift" | "poets" | "isSmeshing" | "genesisId">;

/**
 * Registers a smeshing node at each of its poets, once for each round, while the round is open. It tries again at the
 * next layer where a poet does not take it. Returns a function that ends that.
 */
export function registerForRounds(config: Registering, identity: Identity, pod: Named, log: NodeLog): () => void {
  if (!config.isSmeshing) return () => undefined;
  const ending = new AbortController();
  const registered = new Map<string, number>();
  const registerAt = (poet: string) => {
    const round = openRound(config, Date.now());
    if (registered.get(poet) === round) return;
    registered.set(poet, round);
    register(poet, round, config, identity, pod, ending.signal).then(
      () => log.info("nipostBuilder", "challenge submitted to poet proving service", { poet, round: `${round}` }),
      () => registered.delete(poet), // the node tells a failure only when it has no poet left
    );
  };
  const registerAtAll = () => config.poets.forEach(registerAt);
  registerAtAll();
  const stopTicking = onEveryLayer(config, registerAtAll);
  return () => {
    stopTicking();
    ending.abort();
  };
}

/** The round that takes members: round N begins a phase shift after epoch N (poet registration/registration.go). */
export function openRound(
  { genesisTime, layerDuration, layersPerEpoch, phaseShift = 0 }: LayerClock & Pick<NodeConfig, "phaseShift">,
  now: number,
): number {
  const epoch = layerDuration * layersPerEpoch * 1000;
  return Math.max(0, Math.floor((now - genesisTime - phaseShift) / epoch) + 1);
}

async function register(
  poet: string,
  round: number,
  { genesisId }: Registering,
  { publicKey, key }: Identity,
  pod: Named,
  signal: AbortSignal,
): Promise<void> {
  const base = poet.includes("://") ? poet : `http://${poet}`;
  const answer = await get(`${base}/v1/pow_params`, pod, signal, TIMEOUT);
  const { powParams } = Params.parse(JSON.parse(answer.body));
  // The same at each try, because poet takes one challenge of a node in a round.
  const challenge = createHash("sha256")
    .update(`${publicKey.toString("hex")} ${round}`)
    .digest();
  const nonce = proofOfWork([Buffer.from(powParams.challenge, "base64"), publicKey, challenge], powParams.difficulty);
  const { status } = await fetch(withAddress(pod, `${base}/v1/submit`), {
    method: "POST",
    body: JSON.stringify({
      nonce: `${nonce}`,
      powParams,
      prefix: genesisId.toString("base64"),
      challenge: challenge.toString("base64"),
      pubkey: publicKey.toString("base64"),
      signature: sign(null, Buffer.concat([genesisId, challenge]), key).toString("base64"),
    }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  if (status !== 200) throw new Error(`response status code: ${status}`);
}

/** The first number that, behind the parts, makes a hash with so many zero bits (poet shared/pow.go). */
function proofOfWork(parts: readonly Uint8Array[], bits: number): bigint {
  const input = Buffer.concat([...parts, Buffer.alloc(8)]);
  for (let nonce = 0n; ; nonce++) {
    input.writeBigUInt64LE(nonce, input.length - 8);
    if (ripemd256(input).readUInt32BE(0) < 2 ** (32 - bits)) return nonce;
  }
}

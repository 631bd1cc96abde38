import { createHash } from "node:crypto";

/** The history that a node follows after a split. */
export type Branch = "main" | "fork";

const GENESIS_ID_BYTES = 20;
const EXTRA_DATA_BYTES = 255;

/**
 * Id of a network, 20 bytes: the start of a hash of the genesis time (as written in the config) and the extra data,
 * zero-padded to 255 bytes (go-spacemesh config/genesis.go, CalcGenesisId).
 */
export function genesisId(genesisTime: string, extraData: string): Buffer {
  const extra = Buffer.from(extraData);
  const padding = Buffer.alloc(Math.max(0, EXTRA_DATA_BYTES - extra.length));
  return sha256(genesisTime, extra, padding).subarray(0, GENESIS_ID_BYTES);
}

/** Root of the global state after a layer, 32 bytes. */
export const stateRoot = (genesis: Buffer, layer: number, branch: Branch): Buffer =>
  sha256(genesis, `state ${branch} ${layer}`);

/** Hash of a layer's blocks, 32 bytes. */
export const layerHash = (genesis: Buffer, layer: number): Buffer => sha256(genesis, `layer ${layer}`);

/** Public key of a node, 32 bytes. It is the same after every start. */
export const nodeIdentity = (cluster: string, node: string): Buffer => sha256(`${cluster} ${node}`);

function sha256(...parts: (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

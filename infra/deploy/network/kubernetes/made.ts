import type { V1ConfigMap, V1Secret } from "@kubernetes/client-node";
import { statusOf } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { UserError } from "../../../base/lib/errors";
import { jsonOf } from "../../../base/lib/json";
import { NetworkSpec } from "../../../base/model/network-spec";
import { TAP_KEY } from "../../../base/model/tap-settings";
import { configText } from "./config-text";
import { genesisIdOf } from "./genesis-id";
import { makeKeys, makeTapKey, type PublicKeys, readKeys, tapAddress } from "./keys";
import { metadata } from "./metadata";
import { BEACON_FILE, MADE_CONFIG, MADE_KEYS, paths, TAP_ADDRESS } from "./names";
import { nodeConfigOf } from "./node-config";
import { type KubernetesNetworkSpec, kubernetesSpecOf } from "./spec";

/**
 * What is made once for a network: its keys, its genesis time and all that follows. It is stored before the first pod
 * starts, and every rerun reads it: a node ends itself when its genesis changes (go-spacemesh node/node.go).
 */
export interface Made {
  /** The spec that the network was made from. */
  readonly spec: KubernetesNetworkSpec;
  /** RFC 3339 in whole seconds. Joiners hash this text, so that it never changes its form. */
  readonly genesisTime: string;
  /** Hexadecimal, 40 digits. */
  readonly genesisId: string;
  readonly keys: PublicKeys;
  /** Address of the tap's account; absent for a network without a tap. */
  readonly tap?: string;
  /** The managed nodes' config file. */
  readonly config: string;
}

type Api = Pick<ObjectApi, "find" | "create">;

/** Reads what was made for a network; undefined when it is not yet complete. @throws {UserError} when it is damaged */
export async function readMade(api: Pick<ObjectApi, "find">, namespace: string): Promise<Made | undefined> {
  const { configMaps, secrets } = paths(namespace);
  const [stored, secret] = await Promise.all([
    api.find<V1ConfigMap>(`${configMaps}/${MADE_CONFIG}`),
    api.find<V1Secret>(`${secrets}/${MADE_KEYS}`),
  ]);
  return stored && secret && madeOf(namespace, stored, secret);
}

/**
 * Makes what is made once, or reads what an earlier run made. Each of its two objects is created, never replaced.
 * @param now milliseconds since 1970
 */
export async function makeOnce(api: Api, spec: KubernetesNetworkSpec, now: number): Promise<Made> {
  const { namespace } = spec;
  const { configMaps, secrets } = paths(namespace);
  const { miners: nodes, poets } = spec;
  const secret = await createdOr<V1Secret>(api, secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(spec, MADE_KEYS),
    immutable: true,
    data: encoded(makeKeys({ nodes, poets })),
  });
  const keys = readKeys(textsOf(secret), { nodes, poets });
  const tap = spec.kubernetes.tapBalance === undefined ? undefined : await tapMade(api, spec);
  const genesisTime = new Date(now + spec.genesisDelay * 60_000).toISOString().replace(/\.\d+Z$/, "Z");
  const config = configText(
    nodeConfigOf(spec, {
      ...keys,
      ...(tap !== undefined && { tap }),
      genesisTime,
      bootstrapUrl: "http://bootstrap",
    }),
  );
  const stored = await createdOr<V1ConfigMap>(api, configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(spec, MADE_CONFIG),
    immutable: true,
    data: {
      "spec.json": JSON.stringify(spec),
      "genesis-time": genesisTime,
      "config.json": config,
      ...(tap !== undefined && { [TAP_ADDRESS]: tap }),
      [BEACON_FILE]: beaconFile(genesisIdOf(genesisTime, spec.tag).id),
    },
  });
  return madeOf(namespace, stored, secret);
}

/** Makes the key of the tap's account once, before any node knows the account. @returns the account's address */
async function tapMade(api: Api, spec: KubernetesNetworkSpec): Promise<string> {
  const secret = await createdOr<V1Secret>(api, paths(spec.namespace).secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(spec, TAP_KEY),
    immutable: true,
    data: encoded(makeTapKey()),
  });
  return tapAddress(textsOf(secret), spec.kubernetes.hrp);
}

/**
 * Nobody fills an account after genesis, so a network that was made without a tap never gets one.
 * @throws {UserError} when a spec wants a tap for such a network
 */
export function requireTap({ tag, kubernetes }: KubernetesNetworkSpec, made: Pick<Made, "tap"> | undefined): void {
  if (kubernetes.tapBalance === undefined || made === undefined || made.tap !== undefined) return;
  throw new UserError(
    "TapMissing",
    `The network ${tag} was made without a tap, and the settings want one.`,
    "Set tap to none for this network (SMESHNET_TAP=none), or release another build.",
  );
}

/** Creates an object; of two runs one creates it, and both go on with that one. */
async function createdOr<T extends V1ConfigMap | V1Secret>(api: Api, path: string, object: T): Promise<T> {
  const at = `${path}/${object.metadata?.name}`;
  const found = await api.find<T>(at);
  if (found) return found;
  try {
    return await api.create<T>(path, object);
  } catch (error) {
    const other = statusOf(error) === 409 ? await api.find<T>(at) : undefined;
    if (other) return other;
    throw error;
  }
}

function madeOf(namespace: string, { data = {} }: V1ConfigMap, secret: V1Secret): Made {
  const spec = jsonOf(data["spec.json"] ?? "", NetworkSpec);
  const { "genesis-time": genesisTime, "config.json": config, [TAP_ADDRESS]: tap } = data;
  if (!spec || !genesisTime || !config) {
    throw new UserError(
      "NetworkRecordDamaged",
      `The ConfigMap ${MADE_CONFIG} in the namespace ${namespace} is damaged.`,
      "Retire the network, and release another build.",
    );
  }
  const own = kubernetesSpecOf(spec);
  const genesisId = genesisIdOf(genesisTime, spec.tag).id;
  return {
    spec: own,
    genesisTime,
    genesisId,
    keys: readKeys(textsOf(secret), { nodes: own.miners, poets: own.poets }),
    ...(tap !== undefined && { tap }),
    config,
  };
}

const encoded = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));

const textsOf = ({ data = {} }: V1Secret): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, base64]) => [key, Buffer.from(base64, "base64").toString()]));

/** The beacon of epoch 2: any 4 bytes that all nodes get (go-spacemesh bootstrap/schema). */
const beaconFile = (genesisId: string): string =>
  JSON.stringify({
    version: "https://spacemesh.io/bootstrap.schema.json.1.0",
    data: { epoch: { number: 2, beacon: genesisId.slice(0, 8) } },
  });

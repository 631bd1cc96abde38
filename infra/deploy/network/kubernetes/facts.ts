import { isIPv4 } from "node:net";
import { UserError } from "../../../base/lib/errors";
import { parsedObject } from "../../../base/lib/json";
import { withoutEnd } from "../../../base/lib/text";
import { insideAddress } from "../../../base/model/inside";
import type { NetworkFacts } from "../../../base/model/network-facts";
import { exposedAt } from "../../../base/observe/exposed";
import { imagesOf } from "../images";
import { joinConfigOf } from "./join-config";
import type { Listed } from "./listed";
import type { Made } from "./made";
import { minerName, PORTS, poetName, range1 } from "./names";
import { accountsOf } from "./node-config";
import { postSizes } from "./post";

/** Ports of the Services by their names (objects.ts). */
const PORT_NUMBERS = { p2p: PORTS.p2p, grpcport: PORTS.grpc, jsonport: PORTS.json, restport: PORTS.rest };

/** The facts of a complete network. @throws {UserError} when nobody outside the cluster reaches its nodes */
export function factsOf(made: Made, listed: Listed): NetworkFacts {
  const { spec, genesisTime, genesisId, keys } = made;
  const isInside = spec.kubernetes.exposure === "none";
  const at = (name: string, port: keyof typeof PORT_NUMBERS): string => {
    const found = isInside
      ? insideAddress({ service: name, namespace: spec.namespace }, PORT_NUMBERS[port])
      : exposedAt(listed, name, port);
    if (found !== undefined) return found;
    throw unexposed(made, name, port);
  };
  // Nobody outside reaches an address inside the cluster, so joiners are told of none.
  const p2p = range1(isInside ? 0 : spec.bootnodes).map((i) =>
    multiaddress(at(minerName(i), "p2p"), keys.peerIds[i - 1] ?? ""),
  );
  const { nodeImage } = imagesOf(listed.pods, spec.miners);
  return {
    tag: spec.tag,
    cluster: spec.cluster,
    namespace: spec.namespace,
    driver: "kubernetes",
    genesisId,
    hrp: spec.kubernetes.hrp,
    p2p,
    ...(made.tap !== undefined && { tap: made.tap }),
    genesisTime,
    layerDuration: spec.layerDuration,
    layersPerEpoch: spec.layersPerEpoch,
    netId: spec.netId,
    nodes: range1(spec.miners).map((i) => ({
      name: minerName(i),
      grpc: at(minerName(i), "grpcport"),
      json: at(minerName(i), "jsonport"),
    })),
    poets: range1(spec.poets).map((i) => ({ name: poetName(i), rest: at(poetName(i), "restport") })),
    nodeConfig: joinConfig(made, p2p),
    ...(nodeImage && { nodeImage }),
  };
}

/** The config for those who join: with the public names of the poets and of some nodes. */
function joinConfig(made: Made, bootnodes: readonly string[]): string {
  const { spec, genesisTime, keys, config } = made;
  const { kubernetes, layerDuration, layersPerEpoch, poetPhases } = spec;
  const nodeConfig = parsedObject(config) ?? {};
  return joinConfigOf({
    ...{ genesisTime, layerDuration, layersPerEpoch, bootnodes, nodeConfig },
    extraData: spec.tag,
    hrp: kubernetes.hrp,
    preset: kubernetes.preset,
    accounts: accountsOf(spec, made),
    poets: keys.poetKeys.map((pubkey, i) => ({ address: withoutEnd(kubernetes.poetUrls[i] ?? "", "/"), pubkey })),
    poet: poetPhases,
    post: postSizes(kubernetes.preset, nodeConfig),
  });
}

/** `/ip4/203.0.113.5/tcp/30001/p2p/12D3KooW...`, or `/dns4/` where a cloud publishes a host (multiformats, multiaddr). */
export function multiaddress(hostPort: string, peerId: string): string {
  const [host = "", port = ""] = hostPort.split(":");
  return `/${isIPv4(host) ? "ip4" : "dns4"}/${host}/tcp/${port}/p2p/${peerId}`;
}

function unexposed({ spec }: Made, name: string, port: string): UserError {
  const { namespace, kubernetes } = spec;
  if (kubernetes.exposure === "loadBalancer")
    return new UserError(
      "NetworkUnexposed",
      `The load balancer of ${name} in the namespace ${namespace} has no IPv4 address or host for ${port} yet.`,
      "Run the command again in a minute; if it stays so, check the cluster's load balancers.",
    );
  return new UserError(
    "NetworkUnexposed",
    `Nobody can tell at which address the port ${port} of ${name} in the namespace ${namespace} is reached.`,
    "Let the account list the cluster's nodes, which need an IPv4 address, or set exposure to loadBalancer or none.",
  );
}

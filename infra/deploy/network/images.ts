import type { V1Pod } from "@kubernetes/client-node";
import { digestIn } from "../../base/clients/kubernetes/running-images";
import type { ImageDigest } from "../../base/model/network-facts";

/** Container of a node's pod (go-spacecraft, k8s/sm.go). Both drivers call it so. */
const CONTAINER = "miner";

/** The images that the nodes of a network run. */
export interface Images {
  /** The one image that all nodes run; absent when not all tell theirs, or they run several. */
  readonly nodeImage?: ImageDigest;
  /** Which nodes run which images, as a phrase; absent when they run no different ones. */
  readonly mixed?: string;
}

/**
 * Compares the images that the containers of the miners run. A tag of an image can move between two pulls, so two nodes
 * of one tag can run two programs.
 * @param miners how many there are
 */
export function imagesOf(pods: readonly V1Pod[], miners: number): Images {
  const running = pods.flatMap((pod) => {
    const node = pod.metadata?.labels?.name ?? "";
    const image = imageOf(pod);
    return /^miner-\d+$/.test(node) && image ? [{ node, image }] : [];
  });
  running.sort((a, b) => a.node.localeCompare(b.node, "en", { numeric: true }));
  const nodesOf = new Map<string, string[]>();
  for (const { node, image } of running) nodesOf.set(image.sha256, [...(nodesOf.get(image.sha256) ?? []), node]);
  if (nodesOf.size > 1) {
    const groups = [...nodesOf].map(([digest, nodes]) => `sha256:${digest.slice(0, 12)} on ${nodes.join(", ")}`);
    return { mixed: `nodes run different images (${groups.join("; ")})` };
  }
  const [first] = running;
  const isKnown = first !== undefined && new Set(running.map(({ node }) => node)).size >= miners;
  return isKnown ? { nodeImage: first.image } : {};
}

/** The image of a miner's pod; undefined while it does not run, and for a pod that is being removed. */
function imageOf({ metadata, status }: V1Pod): ImageDigest | undefined {
  if (metadata?.deletionTimestamp || status?.phase !== "Running") return undefined;
  return digestIn(status.containerStatuses?.find(({ name }) => name === CONTAINER)?.imageID ?? "");
}

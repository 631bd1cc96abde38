import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BuildTag } from "../../infra/base/model/build-tag";
import type { Settings } from "../../infra/base/model/settings";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

/** Ports of a node's APIs in its container: go-spacecraft k8s/sm.go, and the listeners of today's node. */
const PORTS = {
  spacecraft: { grpc: 6000, json: 7000 },
  kubernetes: { grpc: 9092, json: 9095 },
} as const satisfies Readonly<Record<Settings["driver"], object>>;

/** In-cluster address of the nodes' gRPC API, for container environments. */
export const NODE_SERVICE = "$(NODE_API_SERVICE_HOST):$(NODE_API_SERVICE_PORT_GRPC)";

export interface NodeServiceArgs {
  readonly network: Network;
  readonly tag: BuildTag;
  /** The driver that made the nodes. */
  readonly driver: Settings["driver"];
}

/** One Service in front of all managed nodes; explorer and gateway call it. */
export class NodeService extends pulumi.ComponentResource {
  constructor(name: string, args: NodeServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:NodeApi", name, {}, opts);
    const { network, tag, driver } = args;
    const ports = Object.entries(PORTS[driver]).map(([name, port]) => ({ name, port }));
    new k8s.core.v1.Service(
      name,
      { metadata: metadata({ network, tag }, name, DO_NOT_AWAIT), spec: { selector: { app: "miner" }, ports } },
      inCluster(network, this),
    );
    this.registerOutputs({});
  }
}

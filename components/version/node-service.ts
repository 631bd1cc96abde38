import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BuildTag } from "../../infra/base/model/build-tag";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

/** Ports of a node's APIs in its container (go-spacecraft k8s/sm.go). */
const GRPC_PORT = 6000;
const JSON_PORT = 7000;

/** In-cluster address of the nodes' gRPC API, for container environments. */
export const NODE_SERVICE = "$(NODE_API_SERVICE_HOST):$(NODE_API_SERVICE_PORT_GRPC)";

/** One Service in front of all managed nodes; explorer and gateway call it. */
export class NodeService extends pulumi.ComponentResource {
  constructor(name: string, args: { network: Network; tag: BuildTag }, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:NodeApi", name, {}, opts);
    const { network, tag } = args;
    const ports = [
      { name: "grpc", port: GRPC_PORT },
      { name: "json", port: JSON_PORT },
    ];
    new k8s.core.v1.Service(
      name,
      { metadata: metadata({ network, tag }, name, DO_NOT_AWAIT), spec: { selector: { app: "miner" }, ports } },
      inCluster(network, this),
    );
    this.registerOutputs({});
  }
}

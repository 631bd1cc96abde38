import * as cloudflare from "@pulumi/cloudflare";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { sha256Of } from "../../infra/base/lib/sha256";
import { type BuildTag, buildTag, stackName } from "../../infra/base/model/build-tag";
import { edgeKeys } from "../../infra/base/model/edge";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { Edge } from "../edge";
import { step } from "../step";
import { PAGE_CONFIG_MAP } from "./gateway-pod";
import { inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";

export interface InfoPageArgs {
  readonly network: Network;
  readonly edge: Edge;
  readonly tag: BuildTag;
  readonly endpoints: Endpoints;
  /** Complete HTML of the page. */
  readonly html: pulumi.Output<string>;
  /** Longest wait for the page to be served, in seconds. */
  readonly readyTimeout: number;
}

/**
 * The network's static info page. The gateway serves it at the underscore name. The edge serves it too, and keeps it
 * after the network is gone. The component is done when both serve it.
 */
export class InfoPage extends pulumi.ComponentResource {
  constructor(name: string, args: InfoPageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:InfoPage", name, {}, opts);
    const { network, edge, tag, endpoints, html, readyTimeout } = args;
    const inGateway = new k8s.core.v1.ConfigMap(
      name,
      { metadata: metadata({ network, tag }, PAGE_CONFIG_MAP), data: { "index.html": html } },
      inCluster(network, this),
    );
    const atEdge = new cloudflare.WorkersKv(
      `${name}-edge`,
      { accountId: edge.accountId, namespaceId: edge.namespaceId, keyName: edgeKeys.page(stackName(tag)), value: html },
      { parent: this, retainOnDelete: true },
    );
    step(
      `${name}-served`,
      {
        create: ["page", "served", buildTag(tag)],
        environment: {
          ...edge.environment,
          PAGE_URL: endpoints.page,
          PAGE_SHA256: html.apply(sha256Of),
          READY_TIMEOUT: `${readyTimeout}`,
        },
        timeout: readyTimeout,
      },
      { parent: this, dependsOn: [inGateway, atEdge] },
    );
    this.registerOutputs({});
  }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { jsonOf } from "../../infra/base/lib/json";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Versions } from "../../infra/base/model/versions";
import { LIST_PATH } from "../../infra/deploy/gateway/routes-today";
import { SIZES } from "./confined";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import type { Network } from "./network";
import { type InNetworkArgs, WebService } from "./web-service";

/** Port of the statistics API (explorer-backend cmd/api/main.go). Its refresh port and its metrics get no Service. */
const STATISTICS_PORT = 5000;

export interface AroundTodayArgs extends InNetworkArgs {
  readonly versions: Versions;
  readonly spec: NetworkSpec;
  readonly endpoints: Endpoints;
}

/**
 * The explorer of a network of today: the statistics API and the frontend. The API reads the database of a node as a
 * file, so the driver runs it in the pod of the last node, which does not smesh. Here it gets its Service.
 */
export class ExplorerToday extends pulumi.ComponentResource {
  constructor(name: string, args: AroundTodayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Explorer", name, {}, opts);
    const { network, tag, versions, spec } = args;
    const selector = { app: "miner", name: `miner-${spec.miners}` }; // the labels that both drivers give a node's pod
    new k8s.core.v1.Service(
      `${name}-api`,
      {
        metadata: metadata({ network, tag }, `${name}-api`, DO_NOT_AWAIT),
        spec: { selector, ports: [{ name: "http", port: STATISTICS_PORT }] },
      },
      inCluster(network, this),
    );
    const image = versions.explorerFrontend.image ?? "";
    new WebService(`${name}-frontend`, frontend(args, image), { parent: this });
    this.registerOutputs({});
  }
}

/** The dashboard of a network of today: a frontend alone, which reads the node's JSON API and the statistics API. */
export class DashboardToday extends pulumi.ComponentResource {
  constructor(name: string, args: AroundTodayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Dashboard", name, {}, opts);
    const image = args.versions.dashboard.image ?? "";
    new WebService(`${name}-frontend`, frontend(args, image), { parent: this });
    this.registerOutputs({});
  }
}

/**
 * A frontend of today. It reads its settings when it is built, so an image is built once for all networks, with the list
 * of networks at its own origin (`REACT_APP_DISCOVERY_SERVICE_URL=/networks.json`): the gateway serves the network's own
 * there. An image that reads settings when it starts finds the same ones in its environment.
 */
const frontend = ({ network, tag, readyTimeout, endpoints }: AroundTodayArgs, image: string) => ({
  network,
  tag,
  readyTimeout,
  image,
  port: 8080,
  health: "/",
  size: SIZES.files,
  environment: {
    REACT_APP_DISCOVERY_SERVICE_URL: LIST_PATH,
    REACT_APP_PUBLIC_API: endpoints.json,
    REACT_APP_STATS_API: endpoints.explorerApi,
    REACT_APP_LABELS_PER_UNIT: labelsPerUnit(network),
  },
});

const JoinConfig = z.looseObject({ post: z.looseObject({ "post-labels-per-unit": z.number() }) });

/** Labels in a unit of storage, by which frontends turn units into bytes: as the config for joiners has it. */
const labelsPerUnit = ({ facts }: Network): pulumi.Output<string> =>
  facts.apply(({ nodeConfig }) => `${jsonOf(nodeConfig, JoinConfig)?.post["post-labels-per-unit"] ?? ""}`);

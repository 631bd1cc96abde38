import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { buildTag } from "../../infra/base/model/build-tag";
import type { Endpoints } from "../../infra/base/model/endpoints";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import { NOBODY, runsAs } from "../../infra/base/model/pods";
import { TAP_KEY, TAP_SEED, type Tap as Terms } from "../../infra/base/model/tap-settings";
import { METRIC_PORTS } from "../../infra/deploy/monitoring/targets";
import { confined, SIZES } from "./confined";
import { diskVolume } from "./disk";
import { DO_NOT_AWAIT, inCluster, metadata } from "./in-cluster";
import { NODE_SERVICE } from "./node-service";
import type { InNetworkArgs } from "./web-service";

/** Port at which the tap listens. */
const PORT = 8080;

/** Where the journal is kept: all promises and transactions. */
const JOURNAL = "/var/lib/smeshnet-tap";
/** Room for it: a gift takes less than 1 KB, so that a million gifts fit in. */
const JOURNAL_SIZE = "1Gi";

/** Where the Secret is mounted. */
const KEY_FOLDER = "/run/tap-key";

/** Seconds between two looks at the chain. Nothing changes there more often than once a layer. */
const LOOK_EVERY = 10;

/** Who may say for whom a request came: only the gateway reaches the tap (infra/deploy/network/policies.ts). */
const ALL = "0.0.0.0/0,::/0";

export interface TapArgs extends InNetworkArgs {
  /** What it gives. */
  readonly terms: Terms;
  readonly spec: NetworkSpec;
  readonly image: string;
  /** Public names of the network: the tap leads to its explorer. */
  readonly endpoints: Endpoints;
  /** Class of the journal's disk; `default` for the cluster's own, `none` for a disk that ends with the pod. */
  readonly storageClass: string;
  /** Whether Prometheus reads its metrics. */
  readonly monitoring: boolean;
}

/**
 * The tap of a network: one pod that gives test coins from an account that genesis filled. The driver made the account's
 * key, and only this pod mounts it. The journal keeps two pods of one tap apart, so that one ends before the next.
 */
export class Tap extends pulumi.ComponentResource {
  constructor(name: string, args: TapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Tap", name, {}, opts);
    const { network, tag, readyTimeout } = args;
    const options = inCluster(network, this);
    const selector = { "app.kubernetes.io/name": name };
    new k8s.core.v1.Service(
      name,
      {
        metadata: metadata({ network, tag }, name, DO_NOT_AWAIT),
        spec: { selector, ports: [{ name: "http", port: PORT }] },
      },
      options,
    );
    const journal = diskVolume(`${name}-journal`, { ...args, size: JOURNAL_SIZE }, options)("journal");
    new k8s.apps.v1.Deployment(
      name,
      {
        metadata: metadata({ network, tag }, name, { "pulumi.com/timeoutSeconds": `${readyTimeout}` }),
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: selector },
          template: {
            metadata: { labels: metadata({ network, tag }, name).labels },
            spec: { ...network.priority, ...podSpec(name, args, journal) },
          },
        },
      },
      options,
    );
    this.registerOutputs({});
  }
}

const podSpec = (
  name: string,
  args: TapArgs,
  journal: k8s.types.input.core.v1.Volume,
): k8s.types.input.core.v1.PodSpec => ({
  ...runsAs(NOBODY),
  enableServiceLinks: true, // it finds the nodes by these variables
  containers: [
    {
      name,
      image: args.image,
      env: Object.entries(variablesOf(args)).map(([key, value]) => ({ name: key, value })),
      ports: [
        { name: "http", containerPort: PORT },
        ...(args.monitoring ? [{ name: "metrics", containerPort: METRIC_PORTS.tap }] : []),
      ],
      readinessProbe: { httpGet: { path: "/healthz", port: PORT }, periodSeconds: 2 },
      volumeMounts: [
        { name: journal.name, mountPath: JOURNAL },
        { name: "key", mountPath: KEY_FOLDER, readOnly: true },
      ],
      ...confined(SIZES.server, args.storageClass === "none" ? [JOURNAL_SIZE] : []),
    },
  ],
  volumes: [
    journal,
    { name: "key", secret: { secretName: TAP_KEY, defaultMode: 0o440, items: [{ key: TAP_SEED, path: TAP_SEED }] } },
  ],
});

/** The settings of the tap's program (tap/config.ts). */
const variablesOf = ({
  network,
  tag,
  terms,
  spec,
  endpoints,
  monitoring,
}: TapArgs): Readonly<Record<string, pulumi.Input<string>>> => ({
  TAP_NETWORK: buildTag(tag),
  TAP_HRP: spec.kubernetes?.hrp ?? "",
  TAP_GENESIS_ID: network.facts.apply(({ genesisId = "" }) => genesisId),
  TAP_NODES: NODE_SERVICE,
  TAP_EVERY: `${Math.min(LOOK_EVERY, spec.layerDuration)}`,
  TAP_AMOUNT: terms.gift,
  TAP_BUDGET: terms.budget,
  TAP_GATE: terms.gate,
  TAP_EXPLORER: `${endpoints.explorer}txs/0x{transaction}`,
  TAP_TRUSTED_PROXIES: ALL,
  TAP_SEED_FILE: `${KEY_FOLDER}/${TAP_SEED}`,
  TAP_DATA_FOLDER: JOURNAL,
  TAP_LISTEN: `0.0.0.0:${PORT}`,
  ...(monitoring && { TAP_METRICS_LISTEN: `0.0.0.0:${METRIC_PORTS.tap}` }),
});

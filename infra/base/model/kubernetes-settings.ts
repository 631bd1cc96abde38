import { z } from "zod";
import { whole } from "./formats";
import { TapSetting } from "./tap-settings";
import { COMPONENTS_TODAY } from "./versions";

/** A quantity of Kubernetes, e.g. 500m, 2, 1600Mi. */
const quantity = z.string().regex(/^\d+(\.\d+)?(m|[kMGT]i?|Ki)?$/);
/** Programs whose image a setting may replace: components, and the server that is the gateway. */
export const IMAGES = z.enum(["node", "poet", "explorerBackend", "explorerFrontend", "dashboard", "tap", "caddy"]);
const resources = z.strictObject({ cpu: quantity, memory: quantity, disk: quantity });

/** The settings that only the driver `kubernetes` reads. */
export const KubernetesSettings = {
  kubeContext: z
    .string()
    .regex(/^\S*$/)
    .default("")
    .describe("the context of the kubeconfig (KUBECONFIG) whose cluster holds the networks (kubernetes)"),
  preset: z
    .enum(["fastnet", "standalone", "testnet"])
    .describe("fastnet, standalone or testnet: the preset of go-spacemesh below the network's own config (kubernetes)"),
  hrp: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,19}$/)
    .describe("the prefix of addresses, e.g. stest; smapp knows sm and stest only (kubernetes)"),
  coinbase: z
    .string()
    .regex(/^([a-z][a-z0-9]{0,19}1[02-9ac-hj-np-z]{20,})?$/)
    .default("")
    .describe("the address that gets the rewards of the network's nodes; without it that of the preset (kubernetes)"),
  accounts: z
    .record(
      z.string().regex(/^[a-z][a-z0-9]{0,19}1[02-9ac-hj-np-z]{20,}$/),
      z
        .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).transform(String), z.string()])
        .pipe(z.string().regex(/^(0|[1-9]\d{0,18})$/)),
    )
    .default({})
    .describe('the balances at genesis in smidge (10^9 are 1 SMH), e.g. {"stest1...": "100000000000"} (kubernetes)'),
  tap: TapSetting,
  smeshers: whole(0, 499).describe(
    "the number of nodes that smesh, those with the lowest numbers; 0 for all but the last (kubernetes)",
  ),
  nodeConfig: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe(
      'keys of the node\'s config that win over ours, e.g. {"hare3": {"round-duration": "300ms"}} (kubernetes)',
    ),
  resources: z
    .strictObject({ node: resources, poet: resources })
    .describe(
      'the CPU, memory and disk of nodes and poets, e.g. {"node": {"cpu": "1", ...}, "poet": {...}} (kubernetes)',
    ),
  storageClass: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .describe(
      "the StorageClass of disks; default for the cluster's own, none for disks that end with pods (kubernetes)",
    ),
  priorityClass: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/)
    .default("")
    .describe("the existing PriorityClass of all pods of a network; without it that of the cluster (kubernetes)"),
  exposure: z
    .enum(["nodePort", "loadBalancer", "none"])
    .describe(
      "nodePort, loadBalancer or none: how nodes are reached from outside the cluster; with none by its API alone, " +
        "and nobody outside can join (kubernetes)",
    ),
  images: z
    .partialRecord(IMAGES, z.string().regex(/^[a-z0-9][\w./:-]*(@sha256:[0-9a-f]{64})?$/))
    .default({})
    .describe('images in place of the usual ones, best by digest, e.g. {"node": "registry/go-spacemesh@sha256:..."}'),
  versionsToday: z
    .partialRecord(z.enum(COMPONENTS_TODAY), z.string().regex(/^v?\d+\.\d+\.\d+(-[\w.-]+)?$/))
    .default({})
    .describe('versions in place of those that go with today\'s node, e.g. {"explorerBackend": "v2.1.0"} (kubernetes)'),
};

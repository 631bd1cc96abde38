import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CADDY_CAPABILITIES, CADDY_IMAGE, folder, NOBODY, runsAs } from "../../infra/base/model/pods";
import { TLS_SECRET } from "../../infra/base/model/tls";
import {
  HTTP_PORT,
  LIST_FOLDER,
  READY_HOST,
  SITE_FOLDER,
  TLS_FOLDER,
  TLS_PORT,
} from "../../infra/deploy/gateway/caddyfile";
import { confined, SIZES } from "./confined";

/** Where Caddy keeps notes (its XDG_DATA_HOME in the official image). The folder there must not be root's. */
const NOTES = "/data";

/** Room for them: a few lines. */
const NOTES_SIZE = "16Mi";

/** ConfigMap with the info page. InfoPage creates it later, and the pods pick it up when it appears. */
export const PAGE_CONFIG_MAP = "info-page";

/** Label by which Services and budgets find the pods of a program. */
export const selectorOf = (name: string) => ({ "app.kubernetes.io/name": name });

/** What differs between gateways. */
export interface GatewayPod {
  readonly image: string | undefined;
  /** ConfigMap with the Caddyfile. */
  readonly config: pulumi.Input<string>;
  /** ConfigMap with the list of networks; absent where frontends read none. */
  readonly list: pulumi.Input<string> | undefined;
  readonly tls: boolean;
}

/** The pod of a gateway: Caddy, and nothing else. */
export function gatewayPod(
  name: string,
  { image = CADDY_IMAGE, config, list, tls }: GatewayPod,
): k8s.types.input.core.v1.PodSpec {
  const ports = [{ name: "http", containerPort: HTTP_PORT }];
  if (tls) ports.push({ name: "https", containerPort: TLS_PORT });
  return {
    ...runsAs(NOBODY),
    affinity: apart(name),
    enableServiceLinks: true, // the Caddyfile finds Services by these variables
    containers: [
      {
        name: "caddy",
        image,
        args: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
        env: [
          { name: "BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          { name: "SITE_FOLDER", value: SITE_FOLDER },
          ...(list ? [{ name: "LIST_FOLDER", value: LIST_FOLDER }] : []),
          ...(tls ? [{ name: "TLS_FOLDER", value: TLS_FOLDER }] : []),
          // Go frees memory before the container's limit ends the program, whatever clients hold open.
          { name: "GOMEMLIMIT", value: "400MiB" },
        ],
        ports,
        readinessProbe: {
          httpGet: { path: "/", port: HTTP_PORT, httpHeaders: [{ name: "Host", value: READY_HOST }] },
          periodSeconds: 2,
        },
        volumeMounts: [
          { name: "config", mountPath: "/etc/caddy", readOnly: true },
          { name: "site", mountPath: SITE_FOLDER, readOnly: true },
          ...(list ? [{ name: "list", mountPath: LIST_FOLDER, readOnly: true }] : []),
          ...(tls ? [{ name: "tls", mountPath: TLS_FOLDER, readOnly: true }] : []),
          { name: "notes", mountPath: NOTES },
        ],
        ...confined(SIZES.entrance, [NOTES_SIZE], CADDY_CAPABILITIES),
      },
    ],
    volumes: [
      { name: "config", configMap: { name: config } },
      { name: "site", configMap: { name: PAGE_CONFIG_MAP, optional: true } },
      ...(list ? [{ name: "list", configMap: { name: list } }] : []),
      // A pod without it waits: the gateway's own step writes it, and no state holds it.
      ...(tls ? [{ name: "tls", secret: { secretName: TLS_SECRET, defaultMode: 0o440 } }] : []),
      folder("notes", NOTES_SIZE),
    ],
  };
}

/** On two machines where there are two, so that one gateway stays when a machine fails. */
const apart = (name: string) => ({
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          topologyKey: "kubernetes.io/hostname",
          labelSelector: { matchLabels: selectorOf(name) },
        },
      },
    ],
  },
});

import { stringify } from "yaml";
import { seconds } from "./alert";
import { scrapePause, type WatchedNetwork } from "./network";
import { type Target, targetsOf } from "./targets";

/** TCP ports, as both programs choose them. */
export const PORTS = { prometheus: 9090, alertmanager: 9093 };

/** Names of the Deployments and Services. */
export const NAMES = { prometheus: "prometheus", alertmanager: "alertmanager" };

/** Files and folders of the containers. */
export const FILES = {
  /** With `prometheus.yml` and `rules.yml`, or with `alertmanager.yml`. */
  config: "/etc/monitoring",
  /** With the files of `SECRET_FILES`. */
  secrets: "/etc/monitoring-secrets",
  data: "/data",
};

/** Name of the Secret with the files of `SECRET_FILES`. */
export const SECRETS = "monitoring";

/** Files of secrets, by what they hold. */
export const SECRET_FILES = { webhook: "webhook", remoteUser: "remote-user", remotePassword: "remote-password" };

/** Path of a secret in the container that reads it. */
export const secretFile = (name: keyof typeof SECRET_FILES): string => `${FILES.secrets}/${SECRET_FILES[name]}`;

/** Where a copy of all metrics goes. */
export interface RemoteWrite {
  /** URL of the receiver, without a password. */
  readonly url: string;
  /** Whether the receiver asks for a name and a password. */
  readonly hasPassword: boolean;
}

/**
 * Prometheus' configuration. Targets are written down with names of the cluster's DNS, so Prometheus needs no rights in
 * the cluster. test/golden/prometheus.yml shows the result.
 */
export function prometheusText(network: WatchedNetwork, remoteWrite?: RemoteWrite): string {
  const pause = seconds(scrapePause(network));
  return stringify({
    global: { scrape_interval: pause, evaluation_interval: pause, external_labels: { network: network.tag } },
    rule_files: ["rules.yml"],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [`${NAMES.alertmanager}:${PORTS.alertmanager}`] }] }],
    },
    scrape_configs: scrapeConfigs(targetsOf(network), scrapePause(network)),
    ...(remoteWrite && { remote_write: [remoteConfig(remoteWrite)] }),
  });
}

const scrapeConfigs = (targets: readonly Target[], pause: number) =>
  [...new Set(targets.map(({ job }) => job))].map((job) => ({
    job_name: job,
    scrape_timeout: seconds(Math.min(10, pause)),
    static_configs: targets
      .filter((target) => target.job === job)
      .map(({ address, instance }) => ({ targets: [address], labels: { instance } })),
  }));

const remoteConfig = ({ url, hasPassword }: RemoteWrite) => ({
  url,
  ...(hasPassword && {
    basic_auth: { username_file: secretFile("remoteUser"), password_file: secretFile("remotePassword") },
  }),
});

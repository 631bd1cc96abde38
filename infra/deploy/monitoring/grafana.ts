import { stringify } from "yaml";
import { NAMES, PORTS } from "./prometheus";

/** Name of the Deployment, the Service, and the Secret with the password. */
export const GRAFANA = "grafana";

/** Port of Grafana inside its pod and at its Service. Only who may forward ports in the namespace reaches it. */
export const GRAFANA_PORT = 3000;

/** Key of the Secret under which the password of the user `admin` stands. */
export const PASSWORD_KEY = "password";

/** Uid of the data source, by which dashboards name it. */
export const DATASOURCE = "prometheus";

/** Folders of Grafana's container. */
export const GRAFANA_FILES = {
  /** With `datasources/` and `dashboards/`, as Grafana's provisioning wants them. */
  provisioning: "/etc/monitoring/provisioning",
  /** With the dashboards themselves. */
  boards: "/etc/monitoring/boards",
  secrets: "/etc/monitoring-secrets",
  data: "/data",
};

/** Tells Grafana where Prometheus is (grafana.com, "Provision Grafana"). */
export const datasourceText = (): string =>
  stringify({
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: DATASOURCE,
        type: "prometheus",
        access: "proxy",
        url: `http://${NAMES.prometheus}:${PORTS.prometheus}`,
        isDefault: true,
        editable: false,
      },
    ],
  });

/** Tells Grafana where its dashboards are. */
export const providerText = (): string =>
  stringify({
    apiVersion: 1,
    providers: [{ name: "smeshnet", type: "file", allowUiUpdates: false, options: { path: GRAFANA_FILES.boards } }],
  });

/**
 * Grafana's settings as variables of its container (grafana.com, "Configure Grafana"). Nobody gets in without the
 * password, and nothing is sent to its makers.
 */
export const GRAFANA_SETTINGS: Readonly<Record<string, string>> = {
  GF_SERVER_HTTP_PORT: `${GRAFANA_PORT}`,
  GF_PATHS_DATA: GRAFANA_FILES.data,
  GF_PATHS_PLUGINS: `${GRAFANA_FILES.data}/plugins`,
  GF_PATHS_PROVISIONING: GRAFANA_FILES.provisioning,
  GF_LOG_MODE: "console",
  GF_SECURITY_ADMIN_PASSWORD__FILE: `${GRAFANA_FILES.secrets}/${PASSWORD_KEY}`,
  GF_USERS_ALLOW_SIGN_UP: "false",
  GF_AUTH_ANONYMOUS_ENABLED: "false",
  GF_ANALYTICS_REPORTING_ENABLED: "false",
  GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
  GF_PLUGINS_PREINSTALL_DISABLED: "true",
  GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${GRAFANA_FILES.boards}/network.json`,
};

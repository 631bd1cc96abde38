import type { Preset } from "./presets";

/** Where a node listens, each as `host:port`; undefined for a listener that is off. */
export interface NodeListeners {
  readonly public: Listener | undefined;
  readonly private: Listener | undefined;
  readonly json: Listener | undefined;
  readonly metrics: Listener | undefined;
  /** Origins whose pages may read the JSON API; `*` stands for all. */
  readonly origins: readonly string[];
}

export interface Listener {
  readonly port: number;
  /** Whether the node listens inside its pod alone, so that nothing in the sandbox reaches it. */
  readonly isLoopback: boolean;
}

interface Api {
  readonly "grpc-public-listener"?: string | undefined;
  readonly "grpc-private-listener"?: string | undefined;
  readonly "grpc-json-listener"?: string | undefined;
  readonly "grpc-cors-allowed-origins"?: readonly string[] | undefined;
}

interface Main {
  readonly metrics?: boolean | undefined;
  readonly "metrics-port"?: number | undefined;
}

const METRICS_PORT = 1010;

/** The listeners of a config (go-spacemesh api/grpcserver/config.go). Metrics are served at all addresses. */
export function listeners(api: Api, main: Main, preset: Preset): NodeListeners {
  return {
    public: listener(api["grpc-public-listener"] ?? preset.publicListener),
    private: listener(api["grpc-private-listener"] ?? preset.privateListener),
    json: listener(api["grpc-json-listener"] ?? ""),
    metrics: main.metrics ? { port: main["metrics-port"] ?? METRICS_PORT, isLoopback: false } : undefined,
    origins: (api["grpc-cors-allowed-origins"] ?? []).filter((origin) => origin !== ""),
  };
}

function listener(address: string): Listener | undefined {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  if (address === "" || colon === -1 || !Number.isInteger(port) || port === 0) return undefined;
  const host = address.slice(0, colon);
  return { port, isLoopback: host === "localhost" || host === "[::1]" || host.startsWith("127.") };
}

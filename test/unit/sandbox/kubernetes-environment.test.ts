import { deepStrictEqual, strictEqual, throws } from "node:assert";
import type { V1Container, V1Service } from "@kubernetes/client-node";
import { type ConfigSources, containerEnvironment, sourcesOf } from "../../../sandbox/kubernetes/environment";
import { expand, realPaths } from "../../../sandbox/kubernetes/expansion";
import { repositoryOf } from "../../../sandbox/kubernetes/image";
import { serviceEnvironment } from "../../../sandbox/kubernetes/service-environment";

const nodeApi: V1Service = {
  metadata: { name: "node-api", namespace: "default" },
  spec: {
    clusterIP: "10.3.128.9",
    ports: [
      { name: "grpc", port: 6000 },
      { name: "json", port: 7000 },
    ],
  },
};

const environmentOf = (container: Partial<V1Container>, sources: Partial<ConfigSources> = {}) =>
  containerEnvironment({
    container: { name: "main", ...container },
    pod: { metadata: { name: "one", namespace: "default", labels: { tier: "web" } }, spec: { containers: [] } },
    address: "127.3.1.1",
    hostAddress: "127.3.0.1",
    services: { WEB_SERVICE_HOST: "127.3.128.1" },
    sources: { configMaps: new Map(), secrets: new Map(), ...sources },
  });

describe("serviceEnvironment", () => {
  it("sets the reachable host, the first port and the named ports", () => {
    const variables = serviceEnvironment([nodeApi]);
    strictEqual(variables.NODE_API_SERVICE_HOST, "127.3.128.9");
    strictEqual(variables.NODE_API_SERVICE_PORT, "6000");
    strictEqual(variables.NODE_API_SERVICE_PORT_JSON, "7000");
  });

  it("sets the variables of Docker links", () => {
    const variables = serviceEnvironment([nodeApi]);
    strictEqual(variables.NODE_API_PORT, "tcp://127.3.128.9:6000");
    strictEqual(variables.NODE_API_PORT_7000_TCP_ADDR, "127.3.128.9");
  });

  it("leaves out the API server and services without an address", () => {
    const headless = { ...nodeApi, spec: { ...nodeApi.spec, clusterIP: "None" } };
    const apiServer = { ...nodeApi, metadata: { name: "kubernetes", namespace: "default" } };
    deepStrictEqual(serviceEnvironment([headless, apiServer]), {});
  });
});

describe("containerEnvironment", () => {
  it("lets each variable refer to earlier variables and to services", () => {
    const env = [
      { name: "BASE", value: "http://$(WEB_SERVICE_HOST)" },
      { name: "PAGE", value: "$(BASE)/page" },
    ];
    strictEqual(environmentOf({ env }).PAGE, "http://127.3.128.1/page");
  });

  it("sets the pod's address to the address at which its programs listen", () => {
    const env = [{ name: "BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }];
    strictEqual(environmentOf({ env }).BIND_ADDRESS, "127.3.1.1");
  });

  it("sets labels of the pod", () => {
    const env = [{ name: "TIER", valueFrom: { fieldRef: { fieldPath: "metadata.labels['tier']" } } }];
    strictEqual(environmentOf({ env }).TIER, "web");
  });

  it("reads whole ConfigMaps and keys of Secrets", () => {
    const container = {
      envFrom: [{ prefix: "APP_", configMapRef: { name: "app" } }],
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } }],
    };
    const sources = {
      configMaps: new Map([["app", { level: "debug" }]]),
      secrets: new Map([["keys", { token: "t0p" }]]),
    };
    const { APP_level, TOKEN } = environmentOf(container, sources);
    deepStrictEqual([APP_level, TOKEN], ["debug", "t0p"]);
    deepStrictEqual(sourcesOf({ name: "main", ...container }), { configMaps: ["app"], secrets: ["keys"] });
  });

  it("fails without a required source", () => {
    const of = (optional?: boolean) => [
      { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "app", key: "level", optional } } },
    ];
    throws(() => environmentOf({ env: of() }), { name: "ContainerConfigError", message: 'configmap "app" not found' });
    strictEqual(environmentOf({ env: of(true) }).LEVEL, undefined);
  });
});

describe("expand", () => {
  it("leaves unknown and escaped names unexpanded, as Kubernetes does", () => {
    const variables = { A: "1" };
    strictEqual(expand("$(A) $(B) $$(A) $A $(A", variables), "1 $(B) $(A) $A $(A");
  });
});

describe("realPaths", () => {
  const mounts = { "/etc/config": "/real/config", "/data": "/real/data", "/data/db": "/real/db" };

  it("replaces a mount path wherever a path begins", () => {
    strictEqual(
      realPaths("--config=/etc/config/node.json -d /data", mounts),
      "--config=/real/config/node.json -d /real/data",
    );
  });

  it("prefers the longest mount path", () => {
    strictEqual(realPaths("/data/db/x:/data/x", mounts), "/real/db/x:/real/data/x");
  });

  it("leaves URLs and longer names unchanged", () => {
    const text = "http://host/data mongodb://h:27017/data /data-old /my/data /etc/config.json";
    strictEqual(realPaths(text, mounts), text);
  });
});

describe("repositoryOf", () => {
  it("returns an image's name without registry, tag and digest", () => {
    deepStrictEqual(
      ["caddy:2.11.9", "docker.io/library/mongo", "spacemeshos/poet@sha256:00", "localhost:5000/a/b:1"].map(
        repositoryOf,
      ),
      ["caddy", "mongo", "spacemeshos/poet", "localhost:5000/a/b"],
    );
  });
});

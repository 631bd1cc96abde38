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

describe("the variables of services", () => {
  it("name host, first port and named ports, in the form that programs reach here", () => {
    const variables = serviceEnvironment([nodeApi]);
    strictEqual(variables.NODE_API_SERVICE_HOST, "127.3.128.9");
    strictEqual(variables.NODE_API_SERVICE_PORT, "6000");
    strictEqual(variables.NODE_API_SERVICE_PORT_JSON, "7000");
  });

  it("include those that Docker links had", () => {
    const variables = serviceEnvironment([nodeApi]);
    strictEqual(variables.NODE_API_PORT, "tcp://127.3.128.9:6000");
    strictEqual(variables.NODE_API_PORT_7000_TCP_ADDR, "127.3.128.9");
  });

  it("leave out services without an address and the API server", () => {
    const headless = { ...nodeApi, spec: { ...nodeApi.spec, clusterIP: "None" } };
    const apiServer = { ...nodeApi, metadata: { name: "kubernetes", namespace: "default" } };
    deepStrictEqual(serviceEnvironment([headless, apiServer]), {});
  });
});

describe("a container's environment", () => {
  it("lets each variable use those before it and the services", () => {
    const env = [
      { name: "BASE", value: "http://$(WEB_SERVICE_HOST)" },
      { name: "PAGE", value: "$(BASE)/page" },
    ];
    strictEqual(environmentOf({ env }).PAGE, "http://127.3.128.1/page");
  });

  it("tells the pod's address in the form at which programs listen", () => {
    const env = [{ name: "BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }];
    strictEqual(environmentOf({ env }).BIND_ADDRESS, "127.3.1.1");
  });

  it("tells labels of the pod", () => {
    const env = [{ name: "TIER", valueFrom: { fieldRef: { fieldPath: "metadata.labels['tier']" } } }];
    strictEqual(environmentOf({ env }).TIER, "web");
  });

  it("takes whole ConfigMaps and keys of Secrets", () => {
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

  it("cannot be made without a source that is not optional", () => {
    const of = (optional?: boolean) => [
      { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "app", key: "level", optional } } },
    ];
    throws(() => environmentOf({ env: of() }), { name: "ContainerConfigError", message: 'configmap "app" not found' });
    strictEqual(environmentOf({ env: of(true) }).LEVEL, undefined);
  });
});

describe("the expansion of variables", () => {
  it("leaves unknown names and escaped ones as Kubernetes does", () => {
    const variables = { A: "1" };
    strictEqual(expand("$(A) $(B) $$(A) $A $(A", variables), "1 $(B) $(A) $A $(A");
  });
});

describe("real paths", () => {
  const mounts = { "/etc/config": "/real/config", "/data": "/real/data", "/data/db": "/real/db" };

  it("replace a mount path wherever a path begins", () => {
    strictEqual(
      realPaths("--config=/etc/config/node.json -d /data", mounts),
      "--config=/real/config/node.json -d /real/data",
    );
  });

  it("prefer the longest mount path", () => {
    strictEqual(realPaths("/data/db/x:/data/x", mounts), "/real/db/x:/real/data/x");
  });

  it("leave URLs and longer names alone", () => {
    const text = "http://host/data mongodb://h:27017/data /data-old /my/data /etc/config.json";
    strictEqual(realPaths(text, mounts), text);
  });
});

describe("the repository of an image", () => {
  it("is its name without registry, tag and digest", () => {
    deepStrictEqual(
      ["caddy:2.11.9", "docker.io/library/mongo", "spacemeshos/poet@sha256:00", "localhost:5000/a/b:1"].map(
        repositoryOf,
      ),
      ["caddy", "mongo", "spacemeshos/poet", "localhost:5000/a/b"],
    );
  });
});

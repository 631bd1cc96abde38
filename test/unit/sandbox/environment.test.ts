import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { KubernetesSettings } from "../../../infra/base/model/kubernetes-settings";
import { environment } from "../../../sandbox/environment";
import type { World } from "../../../sandbox/home";

const WORLD: World = {
  schema: 1,
  zone: "spacemesh.io",
  zoneId: "1",
  accountId: "2",
  token: "3",
  ports: { cloudflare: 1, dns: 2, discord: 3, github: 4 },
  webhook: { id: "1", token: "2" },
  githubTokens: { own: "1", fork: "2" },
  simmerKeys: { private: "1", public: "2" },
  edgeAddress: "127.250.1.1",
  publicPort: 8080,
};

const settingsOf = (world: World): Record<string, string> => {
  const entries = Object.entries(environment("/home", world)).filter(([name]) => name.startsWith("SMESHNET_"));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice("SMESHNET_".length), value]));
};

describe("the environment of a sandbox", () => {
  it("serves spacecraft in a home of an older release", () => {
    const { DRIVER, GCP_PROJECT, MINERS, KUBE_CONTEXT } = settingsOf(WORLD);
    deepStrictEqual([DRIVER, GCP_PROJECT, MINERS, KUBE_CONTEXT], ["spacecraft", "sandbox", "10", undefined]);
    strictEqual(environment("/home", WORLD).KUBECONFIG, undefined);
  });

  it("has TLS only in a sandbox that has, with its own authority, which every program trusts", () => {
    const { NODE_EXTRA_CA_CERTS: none, SMESHNET_TLS, SMESHNET_PORT } = environment("/home", WORLD);
    deepStrictEqual([none, SMESHNET_TLS, SMESHNET_PORT], [undefined, "false", "8080"]);
    const world = { ...WORLD, tls: { port: 8443, authority: { api: 5, management: 6 } } };
    const { NODE_EXTRA_CA_CERTS: trusted, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: ofGrpc } = environment("/home", world);
    deepStrictEqual([trusted, ofGrpc], ["/home/tls/trusted.pem", "/home/tls/trusted.pem"]);
    const { TLS, PORT, HTTP_PORT, ACME_DIRECTORY } = settingsOf(world);
    deepStrictEqual([TLS, PORT, HTTP_PORT, ACME_DIRECTORY], ["true", "8443", "8080", "https://127.0.0.1:5/dir"]);
  });

  it("names the shared cluster's kubeconfig and context for kubernetes, and nothing of Google's", () => {
    const world: World = { ...WORLD, driver: "kubernetes" };
    const settings = settingsOf(world);
    deepStrictEqual([settings.DRIVER, settings.KUBE_CONTEXT, settings.MINERS], ["kubernetes", "shared", "5"]);
    strictEqual(environment("/home", world).KUBECONFIG, "/home/kubeconfig");
    deepStrictEqual(
      Object.keys(settings).filter((name) => name.startsWith("GCP")),
      [],
    );
  });

  it("asks for monitoring where the sandbox was made with it", () => {
    deepStrictEqual(
      [settingsOf(WORLD).MONITORING, settingsOf({ ...WORLD, monitoring: true }).MONITORING],
      [undefined, "true"],
    );
  });

  it("has resources that the settings allow, and phases within an epoch", () => {
    const settings = settingsOf({ ...WORLD, driver: "kubernetes" });
    ok(KubernetesSettings.resources.safeParse(JSON.parse(settings.RESOURCES ?? "")).success);
    const epoch = Number(settings.LAYER_DURATION) * Number(settings.LAYERS_PER_EPOCH);
    ok(Number(settings.POET_PHASE_SHIFT) < epoch && Number(settings.POET_CYCLE_GAP) < epoch);
  });
});

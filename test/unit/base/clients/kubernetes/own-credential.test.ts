import { strictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseKubeconfig } from "../../../../../infra/base/clients/kubernetes/kubeconfig";
import { openKubeconfig } from "../../../../../infra/base/clients/kubernetes/open-kubeconfig";
import { openCredentials } from "../../../../../infra/base/clients/kubernetes/own-credential";
import { refusesLater } from "../../../../support/errors";

const SERVER = "https://127.0.0.1:6443";

const ownFile = (server: string, user: object): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "shared",
    clusters: [{ name: "shared", cluster: { server } }],
    contexts: [{ name: "shared", context: { cluster: "shared", user: "shared" } }],
    users: [{ name: "shared", user }],
  });

describe("the credentials of a kubeconfig that we handed on", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const own = (text: string) => writeFileSync(join(folder, "kubeconfig"), text);
  const handedOn = async () => parseKubeconfig(await openKubeconfig("shared", "v1-2-3-1", environment));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-credential-"));
    // Without a PATH no program can be started.
    environment = { KUBECONFIG: join(folder, "kubeconfig") };
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are read in this process", async () => {
    own(ownFile(SERVER, { token: "secret" }));
    const { token } = await openCredentials(await handedOn(), environment).get();
    strictEqual(token, "secret");
  });

  it("are read again when the server refuses one", async () => {
    own(ownFile(SERVER, { token: "old" }));
    const credentials = openCredentials(await handedOn(), environment);
    const refused = await credentials.get();
    own(ownFile(SERVER, { token: "new" }));
    strictEqual(await credentials.get(), refused);
    credentials.renew?.(refused);
    strictEqual((await credentials.get()).token, "new");
  });

  it("are not given to another cluster than the network's", async () => {
    own(ownFile(SERVER, { token: "secret" }));
    const kubeconfig = await handedOn();
    own(ownFile("https://127.0.0.1:7443", { token: "other" }));
    await refusesLater(openCredentials(kubeconfig, environment).get(), "ClusterOther", { names: [SERVER] });
  });

  it("come from the program of a cloud where the user has one", async () => {
    own(
      ownFile(SERVER, { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "absent-plugin", args: [] } }),
    );
    const credentials = openCredentials(await handedOn(), environment);
    await refusesLater(credentials.get(), "ClusterCredentialMissing", { names: ["absent-plugin"] });
  });
});

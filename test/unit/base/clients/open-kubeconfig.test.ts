import { deepStrictEqual, strictEqual } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { openKubeconfig } from "../../../../infra/base/clients/kubernetes/open-kubeconfig";
import { execCredential } from "../../../../infra/base/clients/kubernetes/own-credential";
import { refusesLater } from "../../../support/errors";

const SERVER = "https://192.0.2.7:6443";
const SECRET = "s3cret-of-the-account";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const { signal } = new AbortController();

describe("a kubeconfig that is handed on, and the credential that it asks for", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "open-kubeconfig-"));
    mkdirSync(join(folder, "pki"));
    for (const name of ["ca", "cert", "key", "token"]) writeFileSync(join(folder, "pki", name), `${SECRET} ${name}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes a kubeconfig with the context `here`. Returns its path. */
  function file(user: object, { name = "config", server = SERVER, cluster = {} } = {}): string {
    const path = join(folder, name);
    const content = {
      clusters: [{ name: "c", cluster: { server, ...cluster } }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u", namespace: "theirs" } }],
      users: [{ name: "u", user }],
    };
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  /** What the API server asks our program as. */
  const asked = (server: string) => JSON.stringify({ spec: { cluster: { server } } });
  const credential = async (KUBECONFIG: string, server = SERVER) =>
    (await execCredential("here", { KUBECONFIG, KUBERNETES_EXEC_INFO: asked(server) }, signal)).status;
  const opened = async (KUBECONFIG: string) => openKubeconfig("here", "v1-2-3-1", { KUBECONFIG });

  const KINDS: Readonly<Record<string, [object, object]>> = {
    "a token": [{ token: SECRET }, { token: SECRET }],
    "a token's file with a relative path": [{ tokenFile: "pki/token" }, { token: `${SECRET} token` }],
    "an inline certificate and key": [
      { "client-certificate-data": base64(`${SECRET} 1`), "client-key-data": base64(`${SECRET} 2`) },
      { clientCertificateData: `${SECRET} 1`, clientKeyData: `${SECRET} 2` },
    ],
    "a certificate and key in files with relative paths": [
      { "client-certificate": "pki/cert", "client-key": "pki/key" },
      { clientCertificateData: `${SECRET} cert\n`, clientKeyData: `${SECRET} key\n` },
    ],
  };
  for (const [kind, [user, expected]] of Object.entries(KINDS)) {
    it(`without a secret, and with it on request: ${kind}`, async () => {
      const path = file(user);
      const text = await opened(path);
      for (const secret of [SECRET, base64(SECRET).slice(0, 20)]) strictEqual(text.includes(secret), false, secret);
      const { users, contexts } = parse(text) as {
        users: [{ user: { exec: { command: string; args: string[]; provideClusterInfo: boolean } } }];
        contexts: [{ context: { namespace: string } }];
      };
      const { command, args, provideClusterInfo } = users[0].user.exec;
      deepStrictEqual([command, args, provideClusterInfo], ["smeshnet", ["step", "credential", "here"], true]);
      strictEqual(contexts[0].context.namespace, "v1-2-3-1");
      const { expirationTimestamp, ...status } = await credential(path);
      strictEqual(Date.parse(expirationTimestamp) > Date.now(), true);
      deepStrictEqual(JSON.parse(JSON.stringify(status)), expected);
    });
  }

  it("keeps the program of a cloud, with its path from the folder of its file", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", args: ["login"] };
    const plugin = join(folder, "plugin");
    writeFileSync(plugin, `#!/bin/sh\necho '{"status": {"token": "${SECRET}"}}'\n`);
    chmodSync(plugin, 0o755);
    const path = file({ exec });
    const { users } = parse(await opened(path)) as { users: [{ user: object }] };
    deepStrictEqual(users[0].user, { exec: { ...exec, command: plugin } });
    strictEqual((await credential(path)).token, SECRET);
  });

  it("without the other secrets that stand beside such a program", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "cloud-plugin", args: [] };
    const text = await opened(file({ exec, token: SECRET, password: SECRET, username: "me" }));
    strictEqual(text.includes(SECRET), false);
  });

  it("takes a certificate authority in, which is no secret", async () => {
    const path = file({ token: SECRET }, { cluster: { "certificate-authority": "pki/ca" } });
    const { clusters } = parse(await opened(path)) as { clusters: [{ cluster: object }] };
    deepStrictEqual(clusters[0].cluster, {
      server: SERVER,
      "certificate-authority-data": base64(`${SECRET} ca\n`),
    });
  });

  it("of the first file that has the context, when two have it", async () => {
    const [first, second] = [
      file({ token: "first" }, { name: "1" }),
      file({ token: "second" }, { name: "2", server: "https://192.0.2.8:6443" }),
    ];
    strictEqual((await credential([first, second].join(delimiter))).token, "first");
    strictEqual((await credential([second, first].join(delimiter), "https://192.0.2.8:6443")).token, "second");
    strictEqual((await credential([join(folder, "none"), first].join(delimiter))).token, "first");
  });

  it("not for the cluster to which the context leads now, when the network is in another one", async () => {
    const moved = file({ token: SECRET }, { server: "https://192.0.2.9:6443" });
    await refusesLater(credential(moved), "ClusterOther", { names: [SERVER, "https://192.0.2.9:6443"] });
  });

  it("says what is missing in one line", async () => {
    const path = file({ tokenFile: "pki/none" });
    await refusesLater(credential(path), "ClusterCredentialMissing", { names: ["pki/none", "ENOENT"] });
    await refusesLater(opened(join(folder, "none")), "KubeconfigMissing", { exitCode: 2 });
    await refusesLater(opened(file({ "client-certificate": "pki/none" })), "KubeconfigUnreadable", { exitCode: 2 });
    const other = openKubeconfig("there", "v1-2-3-1", { KUBECONFIG: path });
    await refusesLater(other, "KubeContextUnknown", { exitCode: 2, names: ["there", "here"] });
  });
});

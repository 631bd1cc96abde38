import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseKubeconfig } from "../../../../infra/base/clients/kubernetes/kubeconfig";
import { ownKubeconfig } from "../../../../infra/base/clients/kubernetes/own-kubeconfig";
import { refusesLater } from "../../../support/errors";

describe("ownKubeconfig", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-kubeconfig-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, content: object | string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }
  const file = (context: string, server: string, user: object = { token: "t" }) => ({
    apiVersion: "v1",
    "current-context": "elsewhere",
    clusters: [{ name: "c", cluster: { server } }],
    contexts: [{ name: context, context: { cluster: "c", user: "u", namespace: "other" } }],
    users: [{ name: "u", user }],
  });

  it("takes one context, whatever the current one is, in a namespace", async () => {
    const KUBECONFIG = write("config", file("ours", "https://one"));
    deepStrictEqual(parseKubeconfig(await ownKubeconfig("ours", "v1-2-3-1", { KUBECONFIG })), {
      cluster: { server: "https://one" },
      user: { token: "t" },
      namespace: "v1-2-3-1",
    });
  });

  it("reads ~/.kube/config without KUBECONFIG", async () => {
    write(".kube/config", file("ours", "https://home"));
    const text = await ownKubeconfig("ours", "n", { HOME: folder, KUBECONFIG: "" });
    strictEqual(parseKubeconfig(text).cluster.server, "https://home");
  });

  it("reads several files as kubectl does: the first that has an entry wins, missing files do not matter", async () => {
    const first = write("first", { clusters: [{ name: "c", cluster: { server: "https://first" } }] });
    const second = write("second", file("ours", "https://second"));
    const empty = write("empty", "");
    const KUBECONFIG = [join(folder, "missing"), empty, first, "", second].join(":");
    const { cluster, user } = parseKubeconfig(await ownKubeconfig("ours", "n", { KUBECONFIG }));
    deepStrictEqual([cluster.server, user.token], ["https://first", "t"]);
  });

  it("means the same in any folder: it holds certificates, and the absolute paths of other files", async () => {
    for (const name of ["ca", "cert", "key"]) write(`keys/${name}`, `the ${name}`);
    const user = {
      "client-certificate": "keys/cert",
      "client-key": "keys/key",
      tokenFile: "keys/token",
      exec: { apiVersion: "v1", command: "./plugin", args: ["a"] },
    };
    const content = file("ours", "https://one", user);
    const cluster = { server: "https://one", "certificate-authority": "keys/ca" };
    const KUBECONFIG = write("config", { ...content, clusters: [{ name: "c", cluster }] });
    const read = parseKubeconfig(await ownKubeconfig("ours", "n", { KUBECONFIG }));
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    deepStrictEqual(read.cluster, { server: "https://one", "certificate-authority-data": base64("the ca") });
    strictEqual(read.user["client-certificate-data"], base64("the cert"));
    strictEqual(read.user["client-key-data"], base64("the key"));
    strictEqual(read.user.tokenFile, join(folder, "keys/token"));
    strictEqual(read.user.exec?.command, join(folder, "plugin"));
  });

  it("leaves a plugin alone that is on the PATH, and content that is given beside a file", async () => {
    const user = { exec: { apiVersion: "v1", command: "plugin" }, "client-key": "missing", "client-key-data": "a2V5" };
    const KUBECONFIG = write("config", file("ours", "https://one", user));
    const read = parseKubeconfig(await ownKubeconfig("ours", "n", { KUBECONFIG }));
    deepStrictEqual([read.user.exec?.command, read.user["client-key-data"]], ["plugin", "a2V5"]);
  });

  it("names what is wrong, and never shows a part of a file", async () => {
    const broken = write("broken", "token: hush-hush\n  bad: [");
    const list = write("list", "[1, 2]");
    const good = write("good", file("ours", "https://one"));
    const lonely = write("lonely", { contexts: [{ name: "ours", context: { cluster: "gone", user: "u" } }] });
    const pointing = write("pointing", file("ours", "https://one", { "client-key": "gone" }));
    const of = (KUBECONFIG: string, context = "ours") => ownKubeconfig(context, "n", { KUBECONFIG });
    await refusesLater(of(join(folder, "missing")), "KubeconfigMissing", { exitCode: 2, names: ["missing"] });
    for (const path of [broken, list])
      await refusesLater(of(path), "KubeconfigInvalid", { exitCode: 2, names: [path] });
    await refusesLater(of(folder), "KubeconfigUnreadable", { exitCode: 2, names: ["EISDIR"] });
    await refusesLater(of(good, "theirs"), "KubeContextUnknown", { exitCode: 2, names: ['"theirs"', "ours"] });
    await refusesLater(of(lonely), "KubeconfigInvalid", { exitCode: 2, names: ['"gone"'] });
    await refusesLater(of(pointing), "KubeconfigUnreadable", { exitCode: 2, names: ["gone", "ENOENT"] });
  });
});

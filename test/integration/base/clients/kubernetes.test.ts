import { deepStrictEqual, doesNotMatch, match, rejects, strictEqual, throws } from "node:assert";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, apiError, clusterApi, orAbsent, statusOf } from "../../../../infra/base/clients/kubernetes/client";
import { isRefusal } from "../../../support/errors";

const namespace = "default";

describe("clusterApi", () => {
  let folder: string;
  let server: Server;
  let requests: IncomingMessage[];
  let answer: { status: number; body: unknown };
  /** The only authorization that the server takes, if it checks. */
  let accepted: string | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-cluster-api-"));
    requests = [];
    answer = { status: 200, body: { items: [] } };
    accepted = undefined;
    server = createServer((request, response) => {
      requests.push(request);
      const isRefused = accepted !== undefined && request.headers.authorization !== accepted;
      response.writeHead(isRefused ? 401 : answer.status).end(JSON.stringify(answer.body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const kubeconfig = (user: object) => {
    const { port } = server.address() as AddressInfo;
    return JSON.stringify({
      "current-context": "ours",
      contexts: [
        { name: "other", context: { cluster: "other", user: "other" } },
        { name: "ours", context: { cluster: "c", user: "u" } },
      ],
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}/` } }],
      users: [{ name: "u", user }],
    });
  };

  /** A kubeconfig with a plugin that records each call and its input, and gives a numbered token. */
  function withPlugin(expirationTimestamp: string): { kubeconfig: string; calls: () => string[] } {
    const command = join(folder, "auth-plugin");
    const calls = join(folder, "calls");
    const credential = { status: { token: "token-NUMBER", expirationTimestamp } };
    writeFileSync(
      command,
      `#!/bin/sh
echo "$WHO $1 $KUBERNETES_EXEC_INFO" >> ${calls}
echo '${JSON.stringify(credential)}' | sed "s/NUMBER/$(wc -l < ${calls} | tr -d ' ')/"
`,
    );
    chmodSync(command, 0o755);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command,
      args: ["login"],
      env: [{ name: "WHO", value: "me" }],
      provideClusterInfo: true,
    };
    return { kubeconfig: kubeconfig({ exec }), calls: () => readFileSync(calls, "utf8").match(/.+/g) ?? [] };
  }

  const tokens = () => requests.map(({ headers }) => headers.authorization);

  it("sends the token of the kubeconfig", async () => {
    await clusterApi(kubeconfig({ token: "t" })).core.listNode();
    deepStrictEqual([requests[0]?.url, tokens()], ["/api/v1/nodes", ["Bearer t"]]);
  });

  it("calls a credential plugin once, with the cluster", async () => {
    const plugin = withPlugin("2999-01-01T00:00:00Z");
    const { core } = clusterApi(plugin.kubeconfig);
    await core.listNode();
    await core.listNamespacedPod({ namespace });
    deepStrictEqual(tokens(), ["Bearer token-1", "Bearer token-1"]);
    const [call, ...more] = plugin.calls();
    deepStrictEqual(more, []);
    match(call ?? "", /^me login \{.*"kind":"ExecCredential".*"server":"http:\/\/127\.0\.0\.1:\d+\/"/);
  });

  it("calls the plugin again when the token has expired", async () => {
    const { core } = clusterApi(withPlugin("2020-01-01T00:00:00Z").kubeconfig);
    await core.listNode();
    await core.listNode();
    deepStrictEqual(tokens(), ["Bearer token-1", "Bearer token-2"]);
  });

  it("asks the plugin once more when the server refuses its credential, for all requests at once", async () => {
    const plugin = withPlugin("2999-01-01T00:00:00Z");
    accepted = "Bearer token-2";
    const { core } = clusterApi(plugin.kubeconfig);
    await Promise.all([core.listNode(), core.listNode(), core.listNamespacedPod({ namespace })]);
    await core.createNamespacedConfigMap({ namespace, body: {} });
    strictEqual(plugin.calls().length, 2);
  });

  it("names the plugin when the server refuses the second credential, too", async () => {
    const plugin = withPlugin("2999-01-01T00:00:00Z");
    accepted = "Bearer another";
    answer = { status: 200, body: { message: "Unauthorized" } };
    const failed: unknown = await clusterApi(plugin.kubeconfig)
      .core.listNode()
      .catch((error) => error);
    isRefusal(failed, "ClusterCredentialRefused", { names: [join(folder, "auth-plugin"), "401"] });
    strictEqual(plugin.calls().length, 2);
  });

  it("reads the token's file again when the server refuses what it held before", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "old\n");
    const { core } = clusterApi(kubeconfig({ tokenFile }));
    await core.listNode();
    writeFileSync(tokenFile, "new\n");
    accepted = "Bearer new";
    await core.listNode();
    deepStrictEqual(tokens(), ["Bearer old", "Bearer old", "Bearer new"]);
    const gone = clusterApi(kubeconfig({ tokenFile: join(folder, "none") })).core.listNode();
    await rejects(gone, (error: unknown) =>
      isRefusal(error, "ClusterCredentialMissing", { names: [join(folder, "none"), "ENOENT"] }),
    );
  });

  it("gives the install hint of a plugin that is not there", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "no-such-plugin", args: null };
    for (const [installHint, name] of [
      ["install the plugin\n  with apt", "install the plugin with apt."],
      [undefined, "Install no-such-plugin."],
    ])
      await rejects(clusterApi(kubeconfig({ exec: { ...exec, installHint } })).core.listNode(), (error: unknown) =>
        isRefusal(error, "ClusterCredentialMissing", { names: ["no-such-plugin", name ?? ""] }),
      );
  });

  it("tells a missing object from a refusal, and passes on the reason of the API", async () => {
    const { core } = clusterApi(kubeconfig({}));
    const read = () => core.readNamespacedConfigMap({ namespace, name: "one" });
    answer = { status: 404, body: { message: 'configmaps "one" not found' } };
    strictEqual(await orAbsent(read()), undefined);
    answer = { status: 403, body: { message: "you may not" } };
    const refused: unknown = await read().catch((error) => error);
    strictEqual(statusOf(refused), 403);
    isRefusal(apiError("The logs could not be collected", refused), "ClusterApiFailed", {
      names: ["The logs could not be collected", "403", "you may not"],
    });
  });

  it("passes on the code of a system error when nobody listens", async () => {
    const config = kubeconfig({});
    server.close();
    await once(server, "close");
    await rejects(clusterApi(config).core.listNode(), { code: "ECONNREFUSED" });
  });

  it("refuses a text that is no kubeconfig or names no cluster, and shows nothing of it", () => {
    for (const text of ["", "{}", "secret", "token: [secret", '{"current-context":"secret","contexts":[]}']) {
      throws(
        () => clusterApi(text),
        (error) => {
          doesNotMatch(String(error), /secret/);
          return isRefusal(error, "KubeconfigInvalid", { exitCode: 2 });
        },
      );
    }
  });

  it("refuses the output of a plugin that is no credential, and shows nothing of it", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "echo", args: ["secret"] };
    await rejects(clusterApi(kubeconfig({ exec })).core.listNode(), (error: unknown) => {
      doesNotMatch(String(error), /secret/);
      return isRefusal(error, "ClusterCredentialMissing", { names: ["echo"] });
    });
  });

  it("refuses an answer that is no list or no object", async () => {
    const { core } = clusterApi(kubeconfig({}));
    answer = { status: 200, body: [] };
    await rejects(core.listNode(), ApiError);
    await rejects(core.readNamespacedConfigMap({ namespace, name: "one" }), ApiError);
  });
});

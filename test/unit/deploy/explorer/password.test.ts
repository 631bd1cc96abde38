import { deepStrictEqual, match, notStrictEqual, rejects, strictEqual } from "node:assert";
import type { V1Secret } from "@kubernetes/client-node";
import { ApiError } from "../../../../infra/base/clients/kubernetes/client";
import { type ObjectApi, objectApi } from "../../../../infra/base/clients/kubernetes/objects";
import { runWith } from "../../../../infra/base/lib/run";
import { makePassword } from "../../../../infra/deploy/explorer/password";

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://192.0.2.1" } }],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  "current-context": "x",
});

describe("makePassword", () => {
  const made = async (status?: number) => {
    const said: string[] = [];
    const created: [string, V1Secret][] = [];
    const create: ObjectApi["create"] = async (path, object) => {
      if (status !== undefined) throw new ApiError(status, "refused");
      created.push([path, object as V1Secret]);
      return object;
    };
    const run = runWith({ say: (line) => void said.push(line) });
    const api = { ...objectApi(KUBECONFIG), create };
    const answer = await makePassword({ kubeconfig: KUBECONFIG, namespace: "default" }, run, api);
    const [path, secret] = created[0] ?? [];
    const password = Buffer.from(secret?.data?.password ?? "", "base64").toString();
    return { said, path, secret, password, answer };
  };

  it("puts 256 random bits into a Secret, and tells nobody", async () => {
    const [one, other] = [await made(), await made()];
    strictEqual(one.path, "/api/v1/namespaces/default/secrets");
    strictEqual(one.secret?.metadata?.name, "explorer-mongo");
    match(one.password, /^[0-9a-f]{64}$/);
    notStrictEqual(one.password, other.password);
    deepStrictEqual([one.answer, one.said], [{ secret: "explorer-mongo" }, []]);
  });

  it("keeps the password that an earlier run made, and fails for any other reason", async () => {
    deepStrictEqual((await made(409)).answer, { secret: "explorer-mongo" });
    await rejects(made(403), /refused/);
  });
});

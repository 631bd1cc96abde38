import assert from "node:assert";
import { ApiError } from "../../../../infra/base/clients/kubernetes/client";
import { type ObjectApi, objectApi } from "../../../../infra/base/clients/kubernetes/objects";
import { runWith } from "../../../../infra/base/lib/run";
import { handPassword, handSecrets } from "../../../../infra/deploy/monitoring/secrets";

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://192.0.2.1" } }],
  users: [{ name: "u", user: { token: "t" } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  "current-context": "x",
});

describe("handSecrets", () => {
  const handed = async (values: Parameters<typeof handSecrets>[0]["values"], status?: number) => {
    const said: string[] = [];
    const applied: [string, unknown][] = [];
    const create: ObjectApi["create"] = async (path, object) => {
      if (status !== undefined) throw new ApiError(status, "refused");
      applied.push([path, object]);
      return object;
    };
    const run = runWith({ say: (line) => void said.push(line) });
    const api = { ...objectApi(KUBECONFIG), create };
    const answer = await handSecrets({ kubeconfig: KUBECONFIG, namespace: "v1-2-3-1", values }, run, api);
    return { said, applied, answer };
  };

  it("puts what there is into a Secret, and answers names of files only", async () => {
    const { said, applied, answer } = await handed({ webhook: "https://discord.example/1/secret", remoteUser: "" });
    const [[path, secret] = []] = applied;
    assert.strictEqual(path, "/api/v1/namespaces/v1-2-3-1/secrets");
    assert.deepStrictEqual((secret as { data: unknown }).data, {
      webhook: Buffer.from("https://discord.example/1/secret").toString("base64"),
    });
    assert.deepStrictEqual(answer, { files: ["webhook"] });
    assert.deepStrictEqual(said, []);
  });

  it("keeps a Secret that an earlier run made, and fails for any other reason", async () => {
    const { answer } = await handed({ webhook: "https://discord.example/1/secret" }, 409);
    assert.deepStrictEqual(answer, { files: ["webhook"] });
    await assert.rejects(handed({}, 403), /refused/);
  });

  it("says that alerts stay in the cluster without a webhook", async () => {
    const { said, answer } = await handed({});
    assert.match(said.join(), /DISCORD_WEBHOOK is not set/);
    assert.deepStrictEqual(answer, { files: [] });
  });
});

describe("handPassword", () => {
  const handed = async (status?: number) => {
    const sent: { readonly path: string; readonly object: unknown }[] = [];
    const create: ObjectApi["create"] = async (path, object) => {
      sent.push({ path, object });
      if (status !== undefined) throw new ApiError(status, "refused");
      return object;
    };
    const place = { kubeconfig: KUBECONFIG, namespace: "v1-2-3-1" };
    const answer = await handPassword(place, runWith(), { ...objectApi(KUBECONFIG), create });
    const [{ path, object } = { path: "", object: {} }] = sent;
    const { password = "" } = (object as { data: { password?: string } }).data;
    return { path, password: Buffer.from(password, "base64").toString(), answer };
  };

  it("makes another password for each network, and answers none", async () => {
    const [one, other] = [await handed(), await handed()];
    assert.strictEqual(one.path, "/api/v1/namespaces/v1-2-3-1/secrets");
    assert.match(one.password, /^[\w-]{32}$/);
    assert.notStrictEqual(one.password, other.password);
    assert.deepStrictEqual(one.answer, { secret: "grafana" });
  });

  it("keeps a password that is there, and fails for any other reason", async () => {
    assert.deepStrictEqual((await handed(409)).answer, { secret: "grafana" });
    await assert.rejects(handed(403), /refused/);
  });
});

import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveNetwork } from "../../../infra/archive/run";
import { runWith } from "../../../infra/base/lib/run";
import { FolderStore } from "../../../infra/base/store/folder";
import { type Answer, AnsweringServer } from "../../support/answering";
import { trial } from "../../support/checkout";
import { refusesLater } from "../../support/errors";

const CASE = JSON.parse(readFileSync(join(trial("T32"), "case.json"), "utf8"));
const LINE = CASE.logs["miner-1-abc/miner"].text;

describe("the archive of a cluster that forgets a credential (T32)", () => {
  let api: AnsweringServer;
  let folder: string;
  let accepted: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-t32-"));
    accepted = "token-2";
    api = await new AnsweringServer(({ call, headers }): Answer => {
      if (headers.authorization !== `Bearer ${accepted}`) return { status: 401, body: { message: "Unauthorized" } };
      if (call.includes("/log?")) return call.includes("previous=true") ? { status: 400 } : { body: LINE };
      return { body: { items: call.endsWith("/pods") ? CASE.pods : [] } };
    }).start();
  });
  afterEach(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  const archived = (command: string, gap?: string) => {
    const env = [{ name: "COUNT", value: join(folder, "count") }];
    const installHint = "install the plugin";
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command, env, installHint };
    const kubeconfig = JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: api.url } }],
      users: [{ name: "u", user: { exec } }],
    });
    const record = { tag: "v1.2.3+1", documents: {} };
    return archiveNetwork({ store: new FolderStore(join(folder, "store")), record, kubeconfig, gap }, runWith());
  };
  const plugin = join(trial("T32"), "plugin.sh");
  const timesAsked = () => Number(readFileSync(join(folder, "count"), "utf8"));

  it("is whole, and the plugin was asked twice", async () => {
    const { objects } = await archived(plugin);
    strictEqual(timesAsked(), 2);
    deepStrictEqual(
      objects.filter(({ key }) => key.startsWith("logs/")).map(({ key }) => key.includes("miner-1-abc")),
      [true],
    );
  });

  it("is refused with the plugin's name after a second refusal, also with a reason for a gap", async () => {
    accepted = "none";
    await refusesLater(archived(plugin, "lost"), "ClusterCredentialRefused", { names: [plugin, "401"] });
  });

  it("is refused with the install hint of a plugin that is not there", async () => {
    await refusesLater(archived("no-such-plugin"), "ClusterCredentialMissing", {
      names: ["no-such-plugin", "install the plugin."],
    });
  });
});

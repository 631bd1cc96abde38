import { Log, LogLevel, Miniflare } from "miniflare";
import { buildTag, stackName } from "../../../infra/base/model/build-tag";
import { edgeKeys } from "../../../infra/base/model/edge";
import { type NetworkListInput, networkListEntry } from "../../../infra/base/model/network-list";
import { workerCode } from "../../../stacks/edge";

/** The Worker on real workerd, with what a deployment stores of a network. */
export class ServedEdge {
  private readonly miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    modules: [{ type: "ESModule", path: "worker.js", contents: workerCode() }],
    compatibilityDate: "2026-07-01",
    kvNamespaces: ["NETWORKS"],
  });

  /** Its base URL, which ends in a slash. */
  async url(): Promise<string> {
    return (await this.miniflare.ready).href;
  }

  /** Stores the entry and the config for joiners of a network. */
  async publish(network: NetworkListInput): Promise<void> {
    const kv = await this.miniflare.getKVNamespace("NETWORKS");
    const stack = stackName(network.tag);
    const entry = { tag: buildTag(network.tag), entry: networkListEntry(network) };
    await kv.put(edgeKeys.network(stack), JSON.stringify(entry));
    await kv.put(edgeKeys.config(stack), network.facts.nodeConfig);
  }

  end(): Promise<void> {
    return this.miniflare.dispose();
  }
}

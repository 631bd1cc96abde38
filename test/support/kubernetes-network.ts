import { createHash } from "node:crypto";
import type { V1ConfigMap, V1Deployment, V1Namespace, V1Pod, V1Secret, V1Service } from "@kubernetes/client-node";
import type { TestSandbox } from "./sandbox";

/** The kinds of objects that a network is made of; pods, ReplicaSets and endpoints follow from them. */
const KINDS =
  "deployments,services,configmaps,secrets,persistentvolumeclaims,networkpolicies,poddisruptionbudgets,resourcequotas";

/** What is made once for a network, and in which namespace. */
export interface Stored {
  /** The namespace, which is another one after a replacement. */
  readonly uid: string;
  /** Digests of the Secret's and the ConfigMap's content; absent before they are made. */
  readonly keys?: string;
  readonly config?: string;
}

/** A namespace of the shared cluster, as kubectl shows it. */
export class KubernetesNetwork {
  constructor(
    private readonly sandbox: TestSandbox,
    readonly namespace: string,
  ) {}

  /** The namespaces of all networks, sorted. */
  static async all(sandbox: TestSandbox): Promise<string[]> {
    const names = await sandbox.must("kubectl", ["get", "namespaces", "-o", "name"]);
    return lines(names)
      .map((name) => name.replace("namespace/", ""))
      .filter((name) => name !== "default" && !name.startsWith("kube-"))
      .sort();
  }

  kubectl(...args: readonly string[]): Promise<string> {
    return this.sandbox.must("kubectl", ["--namespace", this.namespace, ...args]);
  }

  async found(): Promise<V1Namespace | undefined> {
    const text = await this.kubectl("get", "namespace", this.namespace, "--ignore-not-found", "-o", "json");
    return text === "" ? undefined : (JSON.parse(text) as V1Namespace);
  }

  /** Every object as `kind/name`, sorted; digests in names are cut off. */
  async objects(): Promise<string[]> {
    const names = lines(await this.kubectl("get", KINDS, "-o", "name"));
    return names.map((name) => name.replace(/-[0-9a-f]{8}$/, "-#")).sort();
  }

  /** The namespace and every object in it, each with the version that any change of it raises. */
  async versions(): Promise<string[]> {
    const path = "{.kind}/{.metadata.name} {.metadata.resourceVersion}{'\\n'}";
    const namespace = await this.kubectl("get", "namespace", this.namespace, "-o", `jsonpath=${path}`);
    const inside = await this.kubectl("get", KINDS, "-o", `jsonpath={range .items[*]}${path}{end}`);
    return [...lines(namespace), ...lines(inside)].sort();
  }

  pods = (): Promise<V1Pod[]> => this.list<V1Pod>("pods");
  services = (): Promise<V1Service[]> => this.list<V1Service>("services");
  deployments = (): Promise<V1Deployment[]> => this.list<V1Deployment>("deployments");

  /** Undefined while there is no namespace, or while it is being removed. */
  async stored(): Promise<Stored | undefined> {
    const namespace = await this.found();
    if (!namespace?.metadata?.uid || namespace.status?.phase !== "Active") return undefined;
    const [secrets, configMaps] = [await this.list<V1Secret>("secrets"), await this.list<V1ConfigMap>("configmaps")];
    const keys = secrets.find(({ metadata }) => metadata?.name === "network-keys")?.data;
    const config = configMaps.find(({ metadata }) => metadata?.name === "network")?.data;
    return {
      uid: namespace.metadata.uid,
      ...(keys && { keys: digest(keys) }),
      ...(config && { config: digest(config) }),
    };
  }

  /** Every private key in the Secret, by a name for it. */
  async secrets(): Promise<Record<string, string>> {
    const data = (await this.list<V1Secret>("secrets")).flatMap(({ data = {} }) => Object.entries(data));
    return Object.fromEntries(
      data.map(([name, base64]) => {
        const text = Buffer.from(base64, "base64").toString();
        return [`the key ${name}`, name.startsWith("p2p") ? (JSON.parse(text) as { Key: string }).Key : text];
      }),
    );
  }

  private async list<T>(kind: string): Promise<T[]> {
    return (JSON.parse(await this.kubectl("get", kind, "-o", "json")) as { items: T[] }).items;
  }
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

const digest = (data: Readonly<Record<string, string>>): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(data).sort()))
    .digest("hex");

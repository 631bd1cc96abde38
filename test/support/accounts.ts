import type { KubernetesObject } from "@kubernetes/client-node";
import { ownKubeconfig } from "../../infra/base/clients/kubernetes/own-kubeconfig";
import { clusterQuestions } from "../../infra/base/clients/kubernetes/readiness";
import { RIGHTS, type Right } from "../../infra/base/model/kubernetes-rights";
import type { KubernetesApi } from "../../sandbox/kubernetes/api";
import { eventually } from "./cluster-world";

/** The namespace of packaging/kubernetes/rights.yaml. */
const HOME = "smeshnet";

/** Whether two rights are the same for RBAC, whatever their scope. */
export const isSame = (a: Right, b: Right): boolean =>
  a.group === b.group && a.resource === b.resource && a.verb === b.verb;

/** Each right once, whatever its scope. */
export const distinct = (rights: readonly Right[]): Right[] =>
  rights.filter((right, i) => rights.findIndex((other) => isSame(other, right)) === i);

export const nameOf = ({ verb, resource }: Right): string => `${verb} ${resource}`;

/** A token of an account of rights.yaml's namespace. */
export async function tokenOf(api: KubernetesApi, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${HOME}/serviceaccounts/${account}/token`;
  const { status } = await api.create<KubernetesObject & { status?: { token: string } }>(path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  } as KubernetesObject);
  return status?.token ?? "";
}

/** Makes an account with all rights but one. Returns a token of it, once the API server knows its rights. */
export async function accountWithout(api: KubernetesApi, right: Right, kubeconfig: (token: string) => string) {
  const name = `no-${right.verb}-${right.resource.replace("/", "-")}`;
  const rules = RIGHTS.filter((one) => !isSame(one, right)).map(({ group, resource, verb }) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: [verb],
  }));
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const metadata = { name };
  await api.create(`/api/v1/namespaces/${HOME}/serviceaccounts`, { metadata });
  await api.create(`${rbac}/clusterroles`, { metadata, rules } as KubernetesObject);
  await api.create(`${rbac}/clusterrolebindings`, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: HOME }],
  } as KubernetesObject);
  const file = kubeconfig(await tokenOf(api, name));
  const questions = clusterQuestions(
    await ownKubeconfig("smeshnet", "v1-2-3-1", { KUBECONFIG: file }),
    new AbortController().signal,
  );
  const has = RIGHTS.find((one) => !isSame(one, right)) as Right;
  // The authorizer of the API server follows its own watch of bindings.
  await eventually(async () => (await questions.may(has, "v1-2-3-1")) || undefined);
  return file;
}

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert";
import type { V1DeploymentSpec, V1PodDisruptionBudgetSpec, V1PodSpec, V1ServiceSpec } from "@kubernetes/client-node";
import { isObject } from "../../../infra/base/lib/json";
import { quantityIn } from "../../../infra/base/model/quantity";
import { podOf } from "../../../policy/checks/pods";
import { RULES } from "../../../policy/checks/rules";
import type { Resource } from "../../../policy/checks/value";
import { registeredObjects, WAYS } from "../../support/registered-objects";
import { settingsWith } from "../../support/settings";

/** Rules about what runs. That a node is public is no matter of pods, and the policies never see the driver's objects. */
const POD_RULES = ["image-pinned", "container-limited", "pod-restricted", "ready-when-asked"];

/** Bytes of logs that kubelet keeps of a container: five files of 10Mi (KubeletConfiguration, defaults). */
const KEPT_LOGS = 5 * 10 * 2 ** 20;

// It finds pods by itself: a new component, and a new object of the driver, is judged without a line here.
for (const way of WAYS) {
  describe(`every pod of a network, ${JSON.stringify(way)}`, () => {
    let all: Resource[];
    let pods: Resource[];
    before(async () => {
      all = await registeredObjects(way);
      pods = all.filter((resource) => podOf(resource) !== undefined);
    });
    const ofKind = <Spec>(kind: string): { readonly name: string; readonly spec: Spec }[] =>
      all
        .filter(({ type }) => type.endsWith(`:${kind}`))
        .map(({ name, properties }) => ({ name, spec: properties.spec as Spec }));
    const labelsOf = ({ template }: V1DeploymentSpec) => template.metadata?.labels ?? {};

    it("is found: gateway and frontends, and those of the driver", () => {
      const names = pods.map(({ name }) => name);
      const expected = ["gateway", "explorer-frontend", "dash-frontend"];
      const driver = ["miner-1", "miner-4", "poet-1", "bootstrap", "tap"];
      if (way.monitoring) expected.push("prometheus", "alertmanager");
      if (way.grafana) expected.push("grafana");
      for (const name of [...expected, ...(way.driver === "kubernetes" ? driver : ["explorer-mongo"])])
        ok(names.includes(name), name);
    });

    for (const rule of POD_RULES) {
      it(`keeps the rule ${rule}`, () => {
        const found = RULES.find(({ name }) => name === rule);
        ok(found);
        deepStrictEqual(
          pods.flatMap((pod) => found.check(pod, settingsWith()).map((text) => `${pod.name}: ${text}`)),
          [],
        );
      });
    }

    it("may fill its folders, and write its logs, before its machine ends it for the disk", () => {
      for (const pod of pods) {
        const { containers = [], volumes = [] } = (podOf(pod) ?? {}) as V1PodSpec;
        const bytes = (text: string | undefined) => quantityIn(text ?? "") ?? 0;
        const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
        const limit = sum(containers.map(({ resources }) => bytes(resources?.limits?.["ephemeral-storage"])));
        const folders = sum(volumes.map(({ emptyDir }) => bytes(emptyDir?.sizeLimit)));
        ok(limit >= folders + containers.length * KEPT_LOGS, `${pod.name}: ${limit} for folders of ${folders}`);
      }
    });

    it("gets the addresses of Services where it finds programs by them, and only there", () => {
      for (const pod of pods) {
        const finds = pod.name === "gateway" || /_SERVICE_(HOST|PORT)/.test(JSON.stringify(pod.properties));
        const { enableServiceLinks } = podOf(pod) as { enableServiceLinks?: boolean };
        deepStrictEqual([pod.name, enableServiceLinks], [pod.name, finds]);
      }
    });

    it("is the only one of its Deployment, or a budget keeps some of them while machines are drained", () => {
      const budgets = ofKind<V1PodDisruptionBudgetSpec>("PodDisruptionBudget");
      const deployments = ofKind<V1DeploymentSpec>("Deployment");
      strictEqual(deployments.length, pods.length);
      for (const { name, spec } of deployments) {
        ok((spec.replicas ?? 0) >= 1, `${name} does not say how many pods it has`);
        const of = budgets.filter(({ spec: { selector } }) => selects(selector?.matchLabels, labelsOf(spec)));
        ok(of.length <= 1, `${name}: the API server evicts no pod of two budgets`);
        for (const budget of of) deepStrictEqual([budget.name, budget.spec.maxUnavailable], [budget.name, 1]);
        if (spec.replicas !== 1) strictEqual(of.length, 1, name);
      }
    });

    it("is found by the Services that lead to it: each finds one, but that of go-spacecraft's nodes", () => {
      const deployments = ofKind<V1DeploymentSpec>("Deployment");
      const lost = ofKind<V1ServiceSpec>("Service")
        .filter(({ spec }) => !deployments.some((one) => selects(spec.selector, labelsOf(one.spec))))
        .map(({ name }) => name);
      deepStrictEqual(lost, way.driver === "spacecraft" ? ["node-api"] : []);
    });

    it("gets the time to end that its program needs", () => {
      for (const pod of pods) {
        const { terminationGracePeriodSeconds = 30 } = podOf(pod) as V1PodSpec; // 30 is Kubernetes' own
        const needed = /^miner-/.test(pod.name) ? 40 : 30; // a node ends within 30 seconds (go-spacemesh node/node.go)
        strictEqual(terminationGracePeriodSeconds, needed, pod.name);
      }
    });

    it("has the priority of the settings, which choose one for networks of today", async () => {
      const urgent = await registeredObjects({ ...way, priorityClass: "networks" });
      const chosen = way.driver === "kubernetes" ? "networks" : undefined;
      for (const pod of urgent.map(podOf).filter(isObject)) strictEqual(pod.priorityClassName, chosen);
      for (const pod of pods) ok(!("priorityClassName" in (podOf(pod) as object)), pod.name);
    });

    it("has no user that an image of others may have too", () => {
      for (const pod of pods) {
        const users = [...JSON.stringify(pod.properties).matchAll(/"runAs(?:User|Group)":(\d+)/g)].map(([, id]) => id);
        notStrictEqual(users.length, 0, pod.name);
        for (const id of users) ok(Number(id) > 10_000, `${pod.name} ${id}`);
      }
    });
  });
}

const selects = (wanted: Readonly<Record<string, string>> = {}, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

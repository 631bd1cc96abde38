import { deepStrictEqual, ok, strictEqual } from "node:assert";
import type { V1Deployment } from "@kubernetes/client-node";
import { z } from "zod";
import { AROUND } from "../../../infra/base/model/demand";
import { quantityIn } from "../../../infra/base/model/quantity";
import { networkObjects } from "../../../infra/deploy/network/kubernetes/objects";
import { billOf, demandIn } from "../../../infra/doctor/demand";
import { madeWith } from "../../support/kubernetes-api";
import { settingsWith } from "../../support/settings";
import { FACTS_TODAY, VersionStack } from "../../support/version-stack";

const Deployed = z.object({
  replicas: z.number().default(1),
  template: z.object({
    spec: z.object({
      containers: z.array(
        z.object({
          resources: z.object({
            requests: z.record(z.string(), z.string()),
            limits: z.record(z.string(), z.string()),
          }),
        }),
      ),
    }),
  }),
});

const settings = (changes: Record<string, unknown> = {}) =>
  settingsWith({ driver: "kubernetes", kubeContext: "here", ...changes });

describe("what a network asks of a cluster", () => {
  it("are its nodes, its poets and what stands around them", () => {
    const { kinds, total } = billOf(demandIn(settings({ miners: 3, bootnodes: 1, poets: 2 })));
    deepStrictEqual(kinds, [
      { what: "node", pods: 3, cpuMillis: 3900, memoryBytes: 4800 * 2 ** 20, diskBytes: 30 * 2 ** 30 },
      { what: "poet", pods: 2, cpuMillis: 2000, memoryBytes: 2 * 2 ** 30, diskBytes: 20 * 2 ** 30 },
      { what: "services", pods: 10, cpuMillis: 500, memoryBytes: 2 ** 30, diskBytes: 2 ** 30 },
    ]);
    deepStrictEqual(total, {
      pods: 15,
      cpuMillis: 6400,
      memoryBytes: 7872 * 2 ** 20,
      diskBytes: 51 * 2 ** 30,
    });
  });

  it("follow the settings", () => {
    const resources = {
      node: { cpu: "500m", memory: "1Gi", disk: "5Gi" },
      poet: { cpu: "2", memory: "8Gi", disk: "1Gi" },
    };
    const { total } = billOf(demandIn(settings({ miners: 2, bootnodes: 1, poets: 1, resources, tls: false })));
    deepStrictEqual(total, { pods: 13, cpuMillis: 3500, memoryBytes: 11 * 2 ** 30, diskBytes: 12 * 2 ** 30 });
  });

  it("are nothing where go-spacecraft makes a cluster of the right size", () =>
    deepStrictEqual(demandIn(settingsWith({ driver: "spacecraft" })), []));

  it("leave room for all that the version stack adds", async () => {
    for (const tls of [true, false]) {
      const { resources } = await VersionStack.make({ tls });
      const specs = resources
        .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
        .map(({ inputs }) => Deployed.parse(inputs.spec));
      const sum = (key: string): number =>
        specs.reduce(
          (all, { replicas, template }) =>
            template.spec.containers.reduce((n, one) => n + (quantityIn(one.resources.requests[key] ?? "") ?? 0), 0) *
              replicas +
            all,
          0,
        );
      const services = demandIn(settings({ tls })).find(({ what }) => what === "services");
      ok(services && specs.length > 5);
      // One more is the server of the first beacon.
      ok(specs.reduce((all, { replicas }) => all + replicas, 0) + 1 <= services.pods);
      ok(sum("cpu") <= services.pods * services.each.cpu && sum("cpu") > 0, `${sum("cpu")} cores`);
      ok(sum("memory") <= services.pods * services.each.memory && sum("memory") > 0, `${sum("memory")} bytes`);
    }
  });

  it("leave room for all that stands around a network of today, in a quota too", async () => {
    for (const tls of [true, false]) {
      const changes = { driver: "kubernetes", kubeContext: "here", miners: 4, bootnodes: 2, tls } as const;
      const { resources } = await VersionStack.make(changes, FACTS_TODAY);
      const ofKind = (kind: string) => resources.filter(({ type }) => type.endsWith(kind));
      const deployed = ofKind(":Deployment").map(({ inputs }) => Deployed.parse(inputs.spec));
      const { poets, nodes } = networkObjects(await madeWith());
      const own = [...poets.slice(0, 1), ...nodes.slice(-1)].map(({ object }) =>
        Deployed.parse((object as V1Deployment).spec),
      );
      const [bootstrap, last] = own.map(({ template }) => template.spec.containers);
      const stats = last?.slice(1) ?? [];
      strictEqual(stats.length, 1);
      for (const kind of ["requests", "limits"] as const) {
        const of = (containers: typeof stats, key: string): number =>
          containers.reduce((sum, one) => sum + (quantityIn(one.resources[kind][key] ?? "") ?? 0), 0);
        const most = kind === "requests" ? AROUND : AROUND.limits;
        for (const key of ["cpu", "memory"] as const) {
          const around = deployed.reduce((n, one) => n + one.replicas * of(one.template.spec.containers, key), 0);
          const sum = around + of(bootstrap ?? [], key) + of(stats, key);
          ok(sum > 0 && sum <= most[key], `${kind} ${key} ${sum}`);
        }
      }
      ok(deployed.length + 1 <= AROUND.deployments);
      ok(ofKind(":Service").length + 1 <= AROUND.services);
    }
  });
});

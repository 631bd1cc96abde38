import { deepStrictEqual } from "node:assert";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { differencesIn } from "../../../../infra/base/engine/refresh";

/** The end of one step of a refresh. */
function ended(
  op: string,
  type: string,
  before?: Record<string, unknown>,
  after?: Record<string, unknown>,
): EngineEvent {
  const state = (inputs: Record<string, unknown> | undefined) => inputs && { type, urn: "urn", inputs };
  const metadata = {
    op,
    urn: `urn::${type}`,
    type,
    old: state(before),
    new: state(after),
  } as unknown as StepEventMetadata;
  return { sequence: 1, timestamp: 1, resOutputsEvent: { metadata } } as EngineEvent;
}

describe("differencesIn", () => {
  it("finds what is gone, and what somebody changed, by the names of the properties only", () => {
    const events = [
      ended("delete", "cloudflare:index/dnsRecord:DnsRecord", { content: "a" }),
      ended(
        "update",
        "cloudflare:index/workersKv:WorkersKv",
        { value: "a", keyName: "k" },
        { value: "b", keyName: "k" },
      ),
      ended("same", "kubernetes:core/v1:Service", { spec: 1 }, { spec: 1 }),
    ];
    deepStrictEqual(differencesIn(events), [
      { urn: "urn::cloudflare:index/dnsRecord:DnsRecord", how: "gone", properties: [] },
      { urn: "urn::cloudflare:index/workersKv:WorkersKv", how: "changed", properties: ["value"] },
    ]);
  });

  it("leaves out what changes by itself: outputs, other stacks, and a provider's own notes", () => {
    const events = [
      ended("update", "kubernetes:apps/v1:Deployment", { spec: { replicas: 1 } }, { spec: { replicas: 1 } }),
      ended("update", "pulumi:pulumi:StackReference", { name: "edge" }, { name: "edge", more: 1 }),
      ended("update", "cloudflare:index/dnsRecord:DnsRecord", { ttl: 60 }, { ttl: 60, __defaults: [] }),
    ];
    deepStrictEqual(differencesIn(events), []);
  });
});

import { deepStrictEqual, match } from "node:assert";
import type { Exported } from "../../../infra/base/engine/state";
import { UserError } from "../../../infra/base/lib/errors";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { FailureAtEdge } from "../../../infra/deploy/failure-at-edge";
import { failure, mendable } from "../../support/failures";

const KEY = "account/kv/failed:1_2_3_1";

const stateOf = (outputs: Record<string, unknown>): Exported => ({
  deployment: { resources: [{ urn: "urn", type: "pulumi:pulumi:Stack", outputs }] },
});
const EDGE = stateOf({ schema: 1, namespaceId: "kv", url: "http://discover.net.example.org/" });

/** Cloudflare's KV in memory. */
function world(edge = EDGE) {
  const [values, lines] = [new Map<string, string>(), [] as string[]];
  const keyOf = ({ accountId, namespaceId }: { accountId: string; namespaceId: string }, key: string) =>
    `${accountId}/${namespaceId}/${key}`;
  const kv = {
    isAway: false,
    getKv: async (...at: Parameters<typeof keyOf>) => {
      if (kv.isAway) throw new UserError("CloudflareRefused", "Cloudflare answers 403.", "Check the token.");
      return values.get(keyOf(...at));
    },
    putKv: async (...[namespace, key, value]: [...Parameters<typeof keyOf>, string]) => {
      if (kv.isAway) throw new UserError("CloudflareRefused", "Cloudflare answers 403.", "Check the token.");
      values.set(keyOf(namespace, key), value);
    },
    removeKv: async (...at: Parameters<typeof keyOf>) => void values.delete(keyOf(...at)),
  };
  const run = { say: (line: string) => lines.push(line) };
  const atEdge = new FailureAtEdge(parseBuildTag("v1.2.3+1"), { cloudflare: kv, accountId: "account", edge }, run);
  return { kv, values, lines, atEdge };
}

describe("FailureAtEdge", () => {
  it("keeps the last failure for the public, and takes it away after a deployment that succeeded", async () => {
    const { atEdge, values, lines } = world();
    await atEdge.show(failure({ log: { events: "/home/me/events.log" } }));
    deepStrictEqual(JSON.parse(values.get(KEY) ?? "").log, { events: "events.log" });
    await atEdge.show(mendable());
    deepStrictEqual(JSON.parse(values.get(KEY) ?? "").cause.step, "network");
    await atEdge.clear();
    await atEdge.clear();
    deepStrictEqual([[...values.keys()], lines], [[], ["v1.2.3+1: its earlier failure is no longer shown"]]);
  });

  it("says what goes wrong, and hides no other error", async () => {
    const { atEdge, kv, lines } = world();
    kv.isAway = true;
    await atEdge.show(failure());
    await atEdge.clear();
    deepStrictEqual(lines, [
      "v1.2.3+1: its failure is not shown at the edge (Cloudflare answers 403)",
      "v1.2.3+1: an earlier failure may still be shown at the edge (Cloudflare answers 403)",
    ]);
  });

  it("says that an edge without outputs shows nothing", async () => {
    const { atEdge, lines } = world(stateOf({}));
    await atEdge.show(failure());
    match(lines.join(), /^v1\.2\.3\+1: its failure is not shown at the edge \(The outputs of stack edge are not valid/);
  });
});

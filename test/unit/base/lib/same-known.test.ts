import { strictEqual } from "node:assert";
import { isSame } from "../../../../infra/archive/read-back";
import { createdIds, sameObject } from "../../../../infra/base/engine/recovery/adopt";
import { sameKnown, sameTime } from "../../../../infra/base/lib/same-known";

describe("sameKnown", () => {
  for (const unknown of [undefined, null, "", Number.NaN]) {
    it(`takes ${JSON.stringify(unknown) ?? "undefined"} for the same as nothing`, () => {
      for (const other of [undefined, null, "", Number.NaN, "a", 0, false]) {
        strictEqual(sameKnown(unknown, other), false);
        strictEqual(sameKnown(other, unknown), false);
      }
    });
  }

  it("knows equal values, also zero and false", () => {
    for (const known of ["a", 0, 1, false, true]) strictEqual(sameKnown(known, known), true);
    strictEqual(sameKnown("a", "b"), false);
    strictEqual(sameKnown("1", 1), false);
  });
});

describe("sameTime", () => {
  it("knows a time in two forms", () => {
    strictEqual(sameTime("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"), true);
    strictEqual(sameTime("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"), false);
  });

  it("takes what is no time for the same as nothing", () => {
    strictEqual(sameTime(undefined, undefined), false);
    strictEqual(sameTime("", ""), false);
    strictEqual(sameTime("soon", "late"), false);
  });
});

describe("what has no identity", () => {
  it("is no object that we created", () => {
    strictEqual(sameObject([{ id: "1" }], {}, ["title"]), undefined);
    strictEqual(sameObject([{ id: "1", title: "" }], { title: "" }, ["title"]), undefined);
  });

  it("is no content that was archived", () => {
    strictEqual(isSame(undefined, { bytes: 1, sha256: "a" }), false);
    strictEqual(isSame({ bytes: 0, sha256: "" }, { bytes: 0, sha256: "" }), false);
  });

  it("adopts nothing of an operation without inputs", async () => {
    const pending = [
      {
        type: "creating",
        resource: { urn: "urn:namespace", type: "cloudflare:index/workersKvNamespace:WorkersKvNamespace" },
      },
    ];
    const cloudflare = { kvNamespaces: async () => [{ id: "of-somebody" }] };
    strictEqual((await createdIds(pending as never, cloudflare as never)).size, 0);
  });
});

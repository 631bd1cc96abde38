import { deepStrictEqual, strictEqual } from "node:assert";
import { type HistoryRecord, readHistoryRecord } from "../../../../infra/base/model/history-record";

const RECORD: HistoryRecord = {
  schema: 1,
  tag: "v1.2.3+1",
  openedAt: "2026-11-22T07:40:00Z",
  retiredAt: "2026-11-25T09:00:00Z",
  verdict: "healthy",
  why: "a newer build",
  archive: "https://archive.example/archives/v1.2.3+1/1/manifest.json",
  lastSeen: { verifiedLayer: 1200, topLayer: 1203 },
};
const read = (fields: object) => readHistoryRecord(JSON.stringify({ ...RECORD, ...fields }));

describe("readHistoryRecord", () => {
  it("reads a record", () => deepStrictEqual(read({}), RECORD));

  it("keeps verdicts and fields of later releases", () => {
    deepStrictEqual(read({ verdict: "late", more: [1] }), { ...RECORD, verdict: "late", more: [1] });
  });

  it("leaves out an optional field that is not valid", () => {
    const { archive, lastSeen } = read({ archive: 7, lastSeen: { verifiedLayer: "12" } }) ?? {};
    deepStrictEqual([archive, lastSeen], [undefined, undefined]);
  });

  for (const broken of ["", "null", "[]", "7", '{"tag":"v1"}']) {
    it(`is undefined for ${broken || "an empty text"}`, () => strictEqual(readHistoryRecord(broken), undefined));
  }

  it("is undefined when a time or a text is not valid", () => {
    for (const wrong of [{ retiredAt: "yesterday" }, { openedAt: 7 }, { why: undefined }, { tag: [] }]) {
      strictEqual(read(wrong), undefined, JSON.stringify(wrong));
    }
  });
});

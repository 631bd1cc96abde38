import { deepStrictEqual } from "node:assert";
import { entryInList, ownedBy, pointsTo, samePage } from "../../../../infra/base/observe/as-written";
import { poetAsConfigured } from "../../../../infra/deploy/poet";

const URL = "https://discover.example/networks.json";
const ENTRY = { netName: "v1.2.3+1", netID: 7 };

describe("a look at the public list", () => {
  const look = (body: string, status = 200) => entryInList({ status, body }, URL, ENTRY);

  it("finds an entry that is listed as it was written, and its position", () => {
    deepStrictEqual(look(JSON.stringify([{ netName: "v1.2.4+1" }, ENTRY])), { value: 1 });
    const other = JSON.stringify([{ ...ENTRY, netID: 8 }]);
    deepStrictEqual(look(other), { seen: "the list does not show the entry as it was written" });
  });

  it("waits when the answer is not a list", () => {
    deepStrictEqual(look("", 500), { seen: `${URL} answers 500` });
    for (const body of ["<html>One moment</html>", "{}"]) {
      deepStrictEqual(look(body), { seen: `${URL} does not answer with a list: ${body}` });
    }
  });
});

describe("a look at a page, a name or a poet", () => {
  it("says what was seen instead of what is wanted", () => {
    const digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"; // of "foo"
    deepStrictEqual(samePage({ status: 200, body: "foo" }, digest), { value: true });
    deepStrictEqual(samePage({ status: 200, body: "bar" }, digest), { seen: "it serves another page" });
    deepStrictEqual(samePage({ status: 404, body: "foo" }, digest), { seen: "it answers 404" });
    deepStrictEqual(pointsTo(["192.0.2.2"], "192.0.2.2"), { value: true });
    deepStrictEqual(pointsTo(["192.0.2.2"], ["192.0.2.2", "192.0.2.3"]), { value: true });
    deepStrictEqual(pointsTo([], "192.0.2.2"), { seen: "it points to nothing" });
    deepStrictEqual(pointsTo(["192.0.2.1"], "192.0.2.2"), { seen: "it points to 192.0.2.1" });
    deepStrictEqual(ownedBy(["build-tag=v1.2.3+1"], "v1.2.3+1"), { value: true });
    deepStrictEqual(ownedBy(["build-tag=v1.2.3+10"], "v1.2.3+1"), { seen: "its owner is build-tag=v1.2.3+10" });
  });

  it("does not believe a name that leads to a foreign address, too", () => {
    const foreign = ["203.0.113.9", "2001:db8::9"];
    deepStrictEqual(pointsTo(["192.0.2.2", ...foreign], "192.0.2.2"), {
      seen: "it also points to 203.0.113.9, 2001:db8::9, which are not ours",
    });
    deepStrictEqual(pointsTo(["192.0.2.2", "2001:db8::9"], ["192.0.2.2", "192.0.2.3"]), {
      seen: "it also points to 2001:db8::9, which is not ours",
    });
  });

  it("accepts a poet with an open round, or with its phases as configured", () => {
    const wanted = { phaseShift: 30, cycleGap: 10 };
    const rounds = { kind: "rounds", openRound: "1", executing: [] } as const;
    const phases = { kind: "phases", ...wanted } as const;
    deepStrictEqual(
      [rounds, phases].map((info) => poetAsConfigured(info, wanted)),
      [{ value: rounds }, { value: phases }],
    );
    deepStrictEqual(poetAsConfigured({ ...phases, phaseShift: 31 }, wanted), {
      seen: "phase shift 31 s and cycle gap 10 s",
    });
  });
});

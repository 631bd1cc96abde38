import { deepStrictEqual, match, throws } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCall } from "../../../sandbox/kubernetes/gcloud/arguments";
import {
  deleteCompute,
  isCompute,
  listCompute,
  placeUrl,
  putCompute,
} from "../../../sandbox/kubernetes/gcloud/compute";

describe("the stand-in of gcloud compute", () => {
  const home = mkdtempSync(join(tmpdir(), "smeshnet-compute-"));
  const disk = (name: string, more: object = {}) =>
    putCompute(home, "p", "compute.disks", {
      name,
      creationTimestamp: "2026-12-01T00:00:00Z",
      zone: placeUrl("p", "zones", "us-east1-b"),
      ...more,
    });
  const call = (line: string) => {
    const parsed = parseCall(`compute disks ${line} --project p`.split(" "), {});
    if (!isCompute(parsed)) throw new Error("it is not of Compute Engine");
    return parsed;
  };
  const names = (line: string) => listCompute(home, call(line)).map(({ name }) => name);

  before(() => {
    disk("pvc-1");
    disk("pvc-2", { users: ["https://www.googleapis.com/compute/v1/projects/p/zones/us-east1-b/instances/x"] });
    putCompute(home, "q", "compute.disks", { name: "other", creationTimestamp: "2026-12-01T00:00:00Z" });
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it("lists what a project has", () => deepStrictEqual(names("list --format json"), ["pvc-1", "pvc-2"]));

  it("refuses to delete what is used, what is not there, and without --quiet", () => {
    const refused = (line: string, reason: RegExp) => throws(() => deleteCompute(home, call(line)), reason);
    refused(
      "delete pvc-2 --zone us-east1-b --quiet",
      /already being used by 'projects\/p\/zones\/us-east1-b\/instances\/x'/,
    );
    refused("delete pvc-1 --zone us-east1-c --quiet", /was not found/);
    refused("delete pvc-1 --zone us-east1-b", /Add --quiet/);
  });

  it("deletes a disk", () => {
    match(deleteCompute(home, call("delete pvc-1 --zone us-east1-b --quiet")), /^Deleted \[https:.*\/disks\/pvc-1\]/);
    deepStrictEqual(names("list"), ["pvc-2"]);
  });
});

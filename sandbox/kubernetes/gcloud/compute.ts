import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Call, GcloudError, type Group } from "./arguments";

/** A group of Compute Engine. */
export type ComputeGroup = Exclude<Group, "container.clusters">;

/** An object as `gcloud compute GROUP list --format json` shows it (cloud.google.com, Compute Engine API v1). */
export interface ComputeObject {
  readonly name: string;
  /** RFC 3339, with the offset of Google's west. */
  readonly creationTimestamp: string;
  /** URLs; a global object has neither. */
  readonly zone?: string;
  readonly region?: string;
  /** URLs of the instances or rules that use it. */
  readonly users?: readonly string[];
  readonly [field: string]: unknown;
}

/** The kind of an object in its URL. */
const KINDS: Readonly<Record<ComputeGroup, string>> = {
  "compute.disks": "disks",
  "compute.forwarding-rules": "forwardingRules",
  "compute.target-pools": "targetPools",
  "compute.addresses": "addresses",
};

const API = "https://www.googleapis.com/compute/v1";

/** URL of a zone or region, as objects name theirs. */
export const placeUrl = (project: string, kind: "zones" | "regions", place: string): string =>
  `${API}/projects/${project}/${kind}/${place}`;

export const isCompute = (call: Call): call is Call & { readonly group: ComputeGroup } => call.group in KINDS;

/**
 * Puts an object into the sandbox's Compute Engine. Its clusters make none: their volumes are folders, and their load
 * balancers are addresses of this machine. So this is for what real clusters leave behind.
 */
export function putCompute(home: string, project: string, group: ComputeGroup, object: ComputeObject): void {
  const folder = folderOf(home, project, group);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${object.name}.json`), JSON.stringify(object));
}

/** The objects of a group, sorted by name. */
export function listCompute(home: string, { project, group, location }: Call & { readonly group: ComputeGroup }) {
  return all(home, project, group).filter((object) => location === undefined || placeOf(object) === location);
}

/**
 * Deletes an object.
 * @returns what gcloud writes then on standard error
 * @throws {GcloudError} when there is none, or something uses it
 */
export function deleteCompute(home: string, call: Call & { readonly group: ComputeGroup }): string {
  const { project, group, name = "", location = "", quiet } = call;
  const where = `.${group}.delete`;
  if (!quiet)
    throw new GcloudError(where, "The sandbox does not ask for confirmation. Add --quiet to delete the object.", 1);
  const object = all(home, project, group).find((one) => one.name === name && placeOf(one) === location);
  const scope = location === "global" ? "global" : `${object?.zone ? "zones" : "regions"}/${location}`;
  const resource = `projects/${project}/${scope}/${KINDS[group]}/${name}`;
  if (!object)
    throw new GcloudError(where, `Could not fetch resource:\n - The resource '${resource}' was not found\n`, 1);
  const [user] = object.users ?? [];
  if (user !== undefined) {
    const used = `The resource '${resource}' is already being used by '${user.replace(`${API}/`, "")}'`;
    throw new GcloudError(where, `Could not fetch resource:\n - ${used}\n`, 1);
  }
  rmSync(join(folderOf(home, project, group), `${name}.json`));
  return `Deleted [${API}/${resource}].\n`;
}

function all(home: string, project: string, group: ComputeGroup): ComputeObject[] {
  const folder = folderOf(home, project, group);
  try {
    return readdirSync(folder)
      .sort()
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as ComputeObject);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const placeOf = ({ zone, region }: ComputeObject): string => (zone ?? region ?? "global").split("/").at(-1) ?? "";

const folderOf = (home: string, project: string, group: ComputeGroup): string =>
  join(home, "compute", project, KINDS[group]);

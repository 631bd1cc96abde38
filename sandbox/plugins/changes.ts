import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { isObject, isTagged, type Properties, plainProperties, same, type Value } from "./values";

/** A change of one property. Its path is e.g. `environment.HOME` or `triggers[0]`. */
export interface Change {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** The changes from one set of properties to another. Secrets are compared by their values. */
export function changes(before: Properties, after: Properties): readonly Change[] {
  return changed(plainProperties(before), plainProperties(after), "");
}

function changed(before: Value | undefined, after: Value | undefined, path: string): readonly Change[] {
  if (same(before, after)) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const longer = before.length > after.length ? before : after;
    return longer.flatMap((_, i) => changed(before[i], after[i], `${path}[${i}]`));
  }
  if (!isObject(before) || !isObject(after) || isTagged(before) || isTagged(after)) {
    return [{ path, kind: "update" }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => changed(before[name], after[name], path + step(name, path === "")));
}

/** A step of a property path. Names that are not identifiers are quoted. */
function step(name: string, first: boolean): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return first ? name : `.${name}`;
  return `[${JSON.stringify(name)}]`;
}

/** Answer to the engine's diff request: the changed properties, and whether they replace the resource. */
export function diffResponse(found: readonly Change[], replaces: readonly string[]): rpc.DiffResponse {
  const names = new Set(found.map(({ path }) => topLevel(path)));
  const response = new rpc.DiffResponse();
  response.setChanges(
    found.length > 0 ? rpc.DiffResponse.DiffChanges.DIFF_SOME : rpc.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...names]);
  response.setReplacesList(replaces.filter((name) => names.has(name)));
  response.setHasdetaileddiff(true);
  for (const change of found) {
    const detail = new rpc.PropertyDiff();
    detail.setKind(kind(change, replaces.includes(topLevel(change.path))));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

const topLevel = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;

function kind(change: Change, replace: boolean): rpc.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
  if (change.kind === "add") return replace ? ADD_REPLACE : ADD;
  if (change.kind === "delete") return replace ? DELETE_REPLACE : DELETE;
  return replace ? UPDATE_REPLACE : UPDATE;
}

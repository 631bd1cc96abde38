import { backendUrl, isService, openBackend, spelled } from "../../base/engine/recovery/backend-files";
import { type EngineRecord, engineRecords } from "../../base/engine/recovery/engine-records";
import type { LockFile } from "../../base/engine/recovery/lock";
import { listedStacks } from "../../base/engine/state";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import type { Credentials } from "../../base/model/credentials";
import { NAMESPACE } from "../../base/model/settings";

/** The locks of a backend, by stack, and the stacks that a backend without files says are being updated. */
export interface Locks {
  readonly held: ReadonlyMap<string, readonly LockFile[]>;
  readonly updating: ReadonlySet<string>;
  /** Engines that commands on this machine started there. */
  readonly engines: readonly EngineRecord[];
}

/** Where a backend that is a folder or a bucket keeps its locks (Pulumi's backend/diy/lock.go). */
const FOLDER = "locks";

/**
 * Reads who holds a lock, without taking one.
 * @param given `PULUMI_BACKEND_URL`; without it the CLI is asked
 * @throws {UserError} when the backend cannot be read, or is of a kind whose locks cannot be seen
 */
export async function readLocks(
  given: string | undefined,
  credentials: Credentials,
  run: Pick<Run, "signal">,
): Promise<Locks> {
  const url = given ?? (await backendUrl(run));
  if (isService(url)) return { held: new Map(), updating: await updatingStacks(run), engines: [] };
  const files = openBackend(url, credentials);
  if (!files)
    throw new UserError(
      "BackendLocksUnknown",
      "The locks of this Pulumi backend cannot be seen.",
      "Use a backend at file:///absolute/folder, s3://, gs:// or https://.",
    );
  const held = new Map<string, LockFile[]>();
  for (const file of await files.locks(FOLDER)) {
    const stack = stackOf(file.key.slice(FOLDER.length + 1));
    if (stack !== undefined) held.set(stack, [...(held.get(stack) ?? []), file]);
  }
  return { held, updating: new Set(), engines: held.size > 0 ? await engineRecords(spelled(url)) : [] };
}

/** The stack of a lock's file, `organization/smeshnet/1_2_3_1/UUID.json`; older backends keep no project. */
export function stackOf(key: string): string | undefined {
  const [name, stack, project = NAMESPACE] = key.split("/").reverse();
  return /\.json(\.[0-9a-f]+\.tmp)?$/.test(name ?? "") && project === NAMESPACE ? stack : undefined;
}

async function updatingStacks(run: Pick<Run, "signal">): Promise<Set<string>> {
  const stacks = await listedStacks(run);
  return new Set(stacks.filter(({ updateInProgress }) => updateInProgress).map(({ name }) => name));
}

import { Readable } from "node:stream";
import { credentials } from "../infra/base/cli/credentials";
import { settingsOfProject } from "../infra/base/engine/project";
import { UserError } from "../infra/base/lib/errors";
import type { Settings } from "../infra/base/model/settings";
import type { Store } from "../infra/base/store/contract";
import { openStore, openStoreToRead } from "../infra/base/store/open";

// Apart from project.ts, since not every command needs a store, and loading the clients of one takes time.

/** Opens the store that the settings name; nothing is touched yet. */
export const storeOf = ({ archive }: Settings): Store => openStore(archive, credentials());

/** The same for a command that only reads it. */
export const storeToRead = ({ archive }: Settings, tell?: (line: string) => void): Store =>
  openStoreToRead(archive, credentials(), tell);

/** A store that cannot be opened: each access fails with the reason, which a report tells. */
const closedStore = (reason: UserError): Store => ({
  put: () => Promise.reject(reason),
  get: () =>
    new Readable({
      read() {
        this.destroy(reason);
      },
    }),
  list: () => Promise.reject(reason),
  probe: () => Promise.reject(reason),
});

/**
 * The same for a preview, which shows what it can see: without a key of records, only the store cannot be read.
 * @throws {UserError} naming every wrong setting
 */
export async function openProjectForPreview(): Promise<{ readonly settings: Settings; readonly store: Store }> {
  const settings = await settingsOfProject(process.env);
  try {
    return { settings, store: storeToRead(settings) };
  } catch (error) {
    if (error instanceof UserError && error.code === "RecordKeyMissing") return { settings, store: closedStore(error) };
    throw error;
  }
}

/**
 * The settings of the project of this checkout, and its store.
 * @throws {UserError} naming every wrong setting, or that no key of records is set
 */
export async function openStoreOfProject(): Promise<{ readonly settings: Settings; readonly store: Store }> {
  const settings = await settingsOfProject(process.env);
  return { settings, store: storeOf(settings) };
}

/**
 * The same for a command that only reads the store.
 * @param tell takes a line for each foreign object that is ignored; standard error does by default
 */
export async function openProjectToRead(
  tell?: (line: string) => void,
): Promise<{ readonly settings: Settings; readonly store: Store }> {
  const settings = await settingsOfProject(process.env);
  return { settings, store: storeToRead(settings, tell) };
}

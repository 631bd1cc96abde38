import { credentials } from "../infra/base/cli/credentials";
import { settingsOfProject } from "../infra/base/engine/project";
import type { Settings } from "../infra/base/model/settings";
import type { Store } from "../infra/base/store/contract";
import { openStore } from "../infra/base/store/open";

// Apart from project.ts, since not every command needs a store, and loading the clients of one takes time.

/** Opens the store that the settings name; nothing is touched yet. */
export const storeOf = ({ archive }: Settings): Store => openStore(archive, credentials());

/** The settings of the project of this checkout, and its store. @throws {UserError} naming every wrong setting */
export async function openStoreOfProject(): Promise<{ readonly settings: Settings; readonly store: Store }> {
  const settings = await settingsOfProject(process.env);
  return { settings, store: storeOf(settings) };
}

import type { Cloudflare } from "../base/clients/cloudflare";
import { type Exported, holdsNetwork, holdsNothing } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { requireNew } from "./again";
import { takePlace } from "./places";
import type { Checked } from "./preflight";
import { networksBeside } from "./running";

/** What decides whether a network may begin. */
export interface Admission {
  readonly settings: Settings;
  readonly cloudflare: Pick<Cloudflare, "getKv" | "listKv">;
  readonly store: Store;
  /** Whether a build that was retired may be deployed again. */
  readonly again?: boolean;
}

/**
 * Deploys a network once it may begin: its build is new or comes back on purpose, and there is a place for it. A
 * deployment that goes on keeps what it has.
 * @param state of the build's stack, if there is one
 * @throws {UserError} before anything is touched, when it may not begin
 */
export async function whenAdmitted<T>(
  tag: BuildTag,
  { edge }: Pick<Checked, "edge">,
  state: Exported | undefined,
  { settings, cloudflare, store, again = false }: Admission,
  run: Run,
  deploy: () => Promise<T>,
): Promise<T> {
  const { accountId } = settings;
  if (!again && holdsNothing(state)) await requireNew(tag, { cloudflare, accountId, edge, store });
  if (state !== undefined && holdsNetwork(state)) return deploy();
  const place = await takePlace(tag, networksBeside(tag, settings, store, run), run);
  try {
    return await deploy();
  } finally {
    await place.leave().catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      run.say(`${buildTag(tag)}: its place is noted a while longer (${error.what.replace(/\.$/, "")})`);
    });
  }
}

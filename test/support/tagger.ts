import { runWith } from "../../infra/base/lib/run";
import { type BuildRequest, tagBuild } from "../../infra/prepare/tags/build";
import type { Records } from "../../infra/prepare/tags/facts";
import type { Tagged, Tagger } from "../../infra/prepare/tags/plan";
import { type ReleaseRequest, tagRelease } from "../../infra/prepare/tags/release";
import type { NodeCheckout } from "./node-checkout";

/** Nobody sees store and state. */
const UNSEEN: Records = {
  certificate: { state: "unseen", why: "no archive store is set" },
  deployed: { state: "unseen", why: "no state is set" },
};

/** A person who agrees, and gives no reason. */
const AGREES: Tagger = {
  says: () => Promise.reject(new Error("nobody must be asked")),
  agrees: async () => undefined,
};

/** Tags a build within this process. */
export const buildIn = (
  { folder }: NodeCheckout,
  more: Partial<BuildRequest> = {},
  tagger: Partial<Tagger> = {},
): Promise<Tagged> =>
  tagBuild({ folder, isDry: false, records: async () => UNSEEN, ...more }, { ...AGREES, ...tagger }, runWith());

/** Tags a release within this process. */
export const releaseIn = (
  { folder }: NodeCheckout,
  more: Partial<ReleaseRequest> = {},
  tagger: Partial<Tagger> = {},
): Promise<Tagged> =>
  tagRelease({ folder, isDry: false, records: async () => UNSEEN, ...more }, { ...AGREES, ...tagger }, runWith());

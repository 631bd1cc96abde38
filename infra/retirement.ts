import { type BuildTag, buildTag, stackName } from "./build-tag";
import { channelsAt } from "./channels";
import type { Store } from "./store";
import { UserError } from "./user-error";

/**
 * Looks whether the network of a build tag may be retired now: no channel points to it, and its archive could be kept.
 * @throws {UserError} saying why not, before anything has changed
 */
export async function requireRetirable(
  tag: BuildTag,
  channels: readonly string[],
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  const pointing = await channelsAt(stackName(tag), channels, signal);
  if (pointing.length > 0) {
    throw new UserError(`${buildTag(tag)} is what ${pointing.join(" and ")} points to: promote another network first`);
  }
  await store.probe();
}

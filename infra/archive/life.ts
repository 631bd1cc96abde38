import { randomUUID } from "node:crypto";
import { z } from "zod";
import { nonEmptyText, timeText } from "../base/model/formats";
import type { ArchiveManifest } from "./manifest";

// Two lives of one build tag have archives under the same tag. No clock tells them apart: the machine that closed the
// one and the machine that opened the other may be hours apart. Ids in the stack of the network do.

/** A new id of a life or an opening. The engine keeps it in the state as the output of the step that made it. */
export const newId = (): string => randomUUID();

/** What `step archive probe` prints: when and under which id the archive of a deployment was opened. */
export const Probed = z
  .looseObject({ openedAt: timeText, opening: nonEmptyText.optional() })
  .describe('the step\'s own output, {"openedAt": time, "opening": id},');
export type Probed = Readonly<z.infer<typeof Probed>>;

/** The id of an opening. A stack from before ids has its time, which is as much in the stack as an id is. */
export const openingOf = ({ openedAt, opening = openedAt }: Probed): string => opening;

/** A life of a network, as its history step noted it. */
export interface Life {
  /** RFC 3339. */
  readonly openedAt: string;
  /** Absent in stacks from before ids. */
  readonly life?: string;
}

/**
 * Whether an archive is of a life. For a life without a known id the times must do.
 */
export function isOfLife({ life, closedAt }: ArchiveManifest, { life: wanted, openedAt }: Life): boolean {
  if (wanted !== undefined) return life === wanted;
  return Date.parse(closedAt) >= Date.parse(openedAt);
}

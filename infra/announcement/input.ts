import type { Endpoints } from "../endpoints";
import type { Promotion } from "../promotion/promotion";

/** What an announcement says; its form is in infra/documents.ts. Nothing in it is secret. */
export interface AnnouncementInput {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** Number of the channel's update, from 1. Each is announced once. */
  readonly generation: number;
  /** A demotion goes back to the network before. */
  readonly kind: "promotion" | "demotion";
  /** Release tag, `v1.2.3`. */
  readonly release: string;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** What the release changed, markdown; may be empty. */
  readonly changes: string;
  /** URL of the channel's info page. */
  readonly page: string;
  /** URL of the channel's explorer. */
  readonly explorer: string;
  /** Why it was promoted without a simmer certificate, or why it was demoted. */
  readonly reason?: string;
}

/** The announcement of a promotion. Pure. @param endpoints the channel's own */
export const announcementOf = (
  promotion: Promotion,
  endpoints: Pick<Endpoints, "page" | "explorer">,
): AnnouncementInput => {
  const { channel, generation, kind, release, tag, changes, reason } = promotion;
  return {
    channel,
    generation,
    kind,
    release,
    tag,
    changes,
    page: endpoints.page,
    explorer: endpoints.explorer,
    reason,
  };
};

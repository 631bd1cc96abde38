import type { DeploymentFailure } from "../../base/model/deployment-failure";
import type { Superseded } from "../../base/model/trailers";
import type { Verdict } from "../../base/model/verdict";
import type { BuildStage } from "../../promote/stage";

// What `smeshnet list --json` prints. Within one schema fields are added, but none is renamed or changes its meaning.
// Times are RFC 3339.

/** Something that could not be read. The rest is shown all the same. */
export interface Unread {
  /** What it is, e.g. `stack 1_2_3_1`. */
  readonly what: string;
  /** Code of the error, its first part without the full stop, and what to do. */
  readonly code: string;
  readonly why: string;
  readonly fix: string;
}

/** What comes next for a network or a channel in the release cycle. */
export interface NextStep {
  /** One word for scripts; `look` when somebody must decide. */
  readonly action:
    | "nothing"
    | "wait"
    | "deploy"
    | "fix"
    | "watch"
    | "certify"
    | "release"
    | "promote"
    | "retire"
    | "settle"
    | "look";
  /** Why, as a phrase. */
  readonly why: string;
  /** The commands to run, in order; empty when there is nothing to run. Words in capitals are to be filled in. */
  readonly commands: readonly string[];
  /** When it is due; absent when that is now, or nobody knows. */
  readonly at?: string;
}

/** State of a stack. `unknown` when it cannot be read. `being deployed` is seen on the machine that deploys only. */
export type NetworkState = BuildStage | "being deployed" | "unknown";

/** How far a network's simmer is. */
export interface ListedSimmer {
  readonly verdict: Verdict;
  readonly since: string;
  /** Days counted, rounded down to tenths, of those needed. */
  readonly day: number;
  readonly days: number;
  /** What is missing for the certificate, as phrases. */
  readonly missing: readonly string[];
  /** Whether samples arrive as often as they should. */
  readonly isWatched: boolean;
  /** Time of the last sample; absent before the first. */
  readonly watchedAt?: string;
  /** When the days are full at the earliest; absent once they are. */
  readonly fullAt?: string;
  /** When the certificate was sealed; absent without one. */
  readonly certifiedAt?: string;
}

/** A reason to keep a network. */
export interface ListedHold {
  readonly channel: string;
  /** A phrase without a full stop. */
  readonly why: string;
  /** When it ends by itself; absent when it does not. */
  readonly until?: string;
}

/** A network of this backend. */
export interface ListedNetwork {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  readonly state: NetworkState;
  /** When its deployment began; absent when it did not get that far. */
  readonly openedAt?: string;
  /** The commit that was deployed, 40 or 64 hexadecimal digits. */
  readonly commit?: string;
  /** How its last deployment failed; absent when it is complete, or its run could not tell. */
  readonly failure?: DeploymentFailure;
  /** The build that took its place, and what was wrong with this one; absent when no such build says so. */
  readonly supersededBy?: Superseded;
  /** Absent when nobody ever watched it, or the log cannot be read. */
  readonly simmer?: ListedSimmer;
  readonly holds: readonly ListedHold[];
  /** URL of its info page, and every public host: page, API, explorer, dashboard, poets. */
  readonly page: string;
  readonly hosts: readonly string[];
  readonly next: NextStep;
  readonly unread: readonly Unread[];
}

/** Where a channel points or moves to. */
export interface ListedMove {
  readonly release: string;
  readonly tag: string;
  readonly generation: number;
}

/** A channel and where it points. */
export interface ListedChannel {
  readonly name: string;
  /** What it points to; absent before its first promotion. */
  readonly current?: ListedMove;
  /** When it arrived there. */
  readonly movedAt?: string;
  /** A promotion or demotion that is recorded but not completed. */
  readonly moving?: ListedMove;
  /** The newest promotion or demotion, when it was given up. */
  readonly abandoned?: ListedMove & {
    readonly reason: string;
    readonly at: string;
    /** When the channel was back where it was; absent when its names may still lead elsewhere. */
    readonly backAt?: string;
  };
  /** URL of its info page, and its page, API, explorer and dashboard hosts. */
  readonly page: string;
  readonly hosts: readonly string[];
  readonly next: NextStep;
  readonly unread: readonly Unread[];
}

/** A stack that is neither a network's, nor a channel's of the settings, nor the edge. */
export interface OtherStack {
  readonly stack: string;
  readonly next: NextStep;
}

/** All networks, newest first, all channels in the order of the settings, and other stacks. */
export interface Overview {
  readonly schema: 1;
  /** When it was read. */
  readonly at: string;
  readonly networks: readonly ListedNetwork[];
  readonly channels: readonly ListedChannel[];
  readonly others: readonly OtherStack[];
  /** What could not be read and belongs to no row. */
  readonly unread: readonly Unread[];
}

/** Everything that could not be read. */
export const allUnread = ({ networks, channels, unread }: Overview): readonly Unread[] => [
  ...[...networks, ...channels].flatMap((row) => row.unread),
  ...unread,
];

import type { SimmerSummary } from "../base/model/simmer-summary";
import type { HistoryVerdict } from "../base/model/verdict";
import type { FailedCheck, SmokeFacts } from "./archived";
import type { CommitRange } from "./commits";
import type { LogExcerpt } from "./excerpts";
import type { NextBuild } from "./next-build";
import type { Trouble, VerdictChange } from "./simmer-story";

export type { CommitRange, FailedCheck, LogExcerpt, SmokeFacts, Trouble, VerdictChange };

/** A deployment that failed, as its record tells. The record of the deployment's failure has these fields and more. */
export interface FailedDeployment {
  /** When it failed, RFC 3339. */
  readonly at: string;
  /** The commit that was deployed; absent when it is not known. */
  readonly commit?: string;
  /** The step that failed first. */
  readonly cause: {
    /** Name of the step in the stack: `smoke`, `network`, `poet-1`. */
    readonly step: string;
    readonly part?: string;
    /** What the step saw, in sentences. */
    readonly saw: string;
    readonly fix?: string;
  };
  readonly log: {
    /** URL of the run of the CI. */
    readonly run?: string;
  };
  /** The next build of this version. */
  readonly next: { readonly tag: string };
}

/** A promotion or demotion of a channel to the network. */
export interface RecapPromotion {
  readonly channel: string;
  readonly generation: number;
  readonly kind: "promotion" | "demotion";
  /** Release tag, `v1.2.3`. */
  readonly release: string;
  readonly reason?: string;
  /** Why it was given up before it arrived; absent when it was not. */
  readonly abandoned?: string;
  /** When its announcement was recorded, RFC 3339; absent without an announcement. Records of promotions have no time. */
  readonly at?: string;
}

/** The promotions that were not given up. */
export const arrived = (promotions: readonly RecapPromotion[]): readonly RecapPromotion[] =>
  promotions.filter(({ abandoned }) => abandoned === undefined);

/** The simmer of the network, as its log tells. */
export interface SimmerStory {
  /** What the plot shows. */
  readonly summary: SimmerSummary;
  /** Time of the first sample, RFC 3339. */
  readonly watchedFrom: string;
  /** `3.4`: days counted, and days needed. */
  readonly day: string;
  readonly days: number;
  /** Number of the watched nodes. */
  readonly nodes: number;
  /** Changes of the verdict, oldest first. */
  readonly changes: readonly VerdictChange[];
  readonly alerts: readonly { readonly at: string; readonly verdict: string; readonly text: string }[];
  /** The trouble that the network died of; without one, its last trouble; absent when it never had any. */
  readonly trouble?: Trouble;
  /** The retirement that a watcher began. */
  readonly retirement?: { readonly at: string; readonly why: string };
  /** Why the log is not proved, as a sentence; absent when every entry follows from the one before. */
  readonly doubt?: string;
  readonly log: { readonly prefix: string; readonly entries: number; readonly head: string };
}

/** The archive of the network. */
export interface RecapArchive {
  /** Key of its manifest in the store. */
  readonly key: string;
  /** When it was closed, RFC 3339. */
  readonly closedAt: string;
  readonly objects: number;
  /** Size of its objects in the store. */
  readonly bytes: number;
  /** Why something is missing. */
  readonly gap?: string;
  /** What is missing, a phrase each; absent when nothing is. */
  readonly missing?: readonly string[];
}

/** All that the records tell of a network's life, as plain data. Texts of others stand as they were recorded. */
export interface RecapFacts {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** The commit that was deployed; absent when no record tells it. */
  readonly commit?: string;
  /** Start of the deployment and end of the retirement, RFC 3339; absent where no record tells them. */
  readonly openedAt?: string;
  readonly retiredAt?: string;
  /** Why it was retired, in the operator's or the watcher's words. */
  readonly why?: string;
  readonly verdict: HistoryVerdict;
  /** Start of layer 0, RFC 3339. */
  readonly genesisTime?: string;
  /** Length of a layer, in seconds. */
  readonly layerDuration?: number;
  readonly lastSeen?: { readonly verifiedLayer: number; readonly topLayer: number };
  readonly simmer?: SimmerStory;
  readonly smoke?: SmokeFacts;
  readonly failure?: FailedDeployment;
  readonly promotions: readonly RecapPromotion[];
  readonly archive?: RecapArchive;
  /** Lines of logs around the first failing layer, or the end of the smoke test. */
  readonly excerpts: readonly LogExcerpt[];
  /** Commits since the last healthy build; absent when there is no such build. */
  readonly commits?: CommitRange;
  /** The next build of the same version that has a tag; absent while there is none. */
  readonly next?: NextBuild;
  /** Public addresses. */
  readonly links: { readonly page: string; readonly archive?: string; readonly certificate?: string };
}

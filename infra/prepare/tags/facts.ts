import type { AllowedSigners } from "../../base/model/allowed-signers";
import type { SignatureFault } from "../../base/model/signature-fault";

/** Who may sign tags, and when that is asked, in milliseconds since 1970. */
export interface Signing {
  readonly signers: AllowedSigners;
  readonly now: number;
}

/** What a version tag points to, and what else git says of it. */
export interface Target {
  /** What the tag's object is in the end: behind an annotated tag its own target counts. */
  readonly kind: "commit" | "tree" | "blob";
  /** The commit, in full; the object's own name when it is no commit. */
  readonly commit: string;
  /** The message of an annotated tag; undefined for a lightweight one. */
  readonly message: string | undefined;
}

/** Another version tag of the repository. */
export interface OtherTag {
  /** `v1.2.3` or `v1.2.3+1`. */
  readonly tag: string;
  /** The commit, in full. */
  readonly commit: string;
  /**
   * Whether its version came before the judged tag. Before a new tag came all tags on the release branch; before one
   * that exists came those on older commits of its own log.
   */
  readonly isBefore: boolean;
}

/** What could not be seen from here, and why. */
export interface Unseen {
  readonly state: "unseen";
  /** A phrase, such as `no archive store is set`. */
  readonly why: string;
}

/** The simmer certificate of a release's build. */
export type CertificateFact =
  | { readonly state: "certified" }
  /** `why` is a clause, such as `v1.2.3 has no simmer certificate`. */
  | { readonly state: "none"; readonly why: string }
  | Unseen;

/** The commit that a tag was deployed from, as its deployment recorded it. */
export type DeployedFact =
  | { readonly state: "deployed"; readonly commit: string }
  | { readonly state: "none" }
  | Unseen;

/** The commit `Releasing v1.2.3` before a tag. */
export interface Releasing {
  readonly commit: string;
  /** Files that differ between it and the tagged commit, in git's order. */
  readonly changed: readonly string[];
}

/** What outside git says of a tag. The caller asks for it, since it knows store and state. */
export interface Records {
  /** Counts for release tags only. */
  readonly certificate: CertificateFact;
  readonly deployed: DeployedFact;
}

/** All that the rules of version tags look at. */
export interface TagFacts extends Records {
  /** Whether the tag is about to be made, and so must not exist yet. */
  readonly isNew: boolean;
  readonly target: Target;
  /** Why its signature does not count; absent when it does, and when nobody has to sign. */
  readonly signature?: SignatureFault;
  /** The release branch, and whether its log has the tagged commit. */
  readonly branch: { readonly name: string; readonly hasCommit: boolean };
  /** All version tags of the repository; the judged one is among them if it exists. */
  readonly tags: readonly OtherTag[];
  /** CHANGELOG.md at the tagged commit; undefined when there is none. */
  readonly changelog: string | undefined;
  /** Undefined when the log of the tagged commit has no such commit. */
  readonly releasing: Releasing | undefined;
}

import type { UserError } from "../../base/lib/errors";
import type { BuildTag, Release } from "../../base/model/build-tag";
import type { Settings } from "../../base/model/settings";
import type { Store } from "../../base/store/contract";
import type { PreviewReport } from "./model";

/** What a preview is asked. */
export interface PreviewOptions {
  /** Builds and releases to preview as if their tags were pushed. */
  readonly builds: readonly BuildTag[];
  readonly releases: readonly Release[];
  /** The channel that a release moves; required when there are several. */
  readonly channel?: string;
  /** How many stacks are previewed at the same time. */
  readonly processes: number;
  /** Program of the processes that preview stacks. */
  readonly worker: string;
  /** The settings and the store that they name, or what is wrong with them: then every stack says so. */
  readonly project: { readonly settings: Settings; readonly store: Store } | UserError;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A report without what it is about. */
export type Findings = Omit<PreviewReport, "schema" | "commit">;

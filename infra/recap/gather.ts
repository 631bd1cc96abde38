import type { Run } from "../base/lib/run";
import type { BuildTag } from "../base/model/build-tag";
import type { StoredRecord } from "../base/model/history-record";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { FailedDeployment, RecapFacts } from "./facts";

/** Where the facts come from. */
export interface RecapSources {
  readonly store: Store;
  readonly settings: Settings;
  /** Records of the edge; without them the document tells less. */
  readonly history?: readonly StoredRecord[];
  readonly failure?: FailedDeployment;
}

/** Gathers the facts. @throws {UserError} when no record tells of the network, or the store cannot be read */
export declare function gatherFacts(tag: BuildTag, sources: RecapSources, run: Run): Promise<RecapFacts>;

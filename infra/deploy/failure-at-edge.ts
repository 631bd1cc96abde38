import type { Cloudflare, KvNamespace } from "../base/clients/cloudflare";
import { removeFailure, storeFailure } from "../base/clients/failures";
import { type Exported, rootOutputs } from "../base/engine/state";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { DeploymentFailure } from "../base/model/deployment-failure";
import { EdgeOutputs, readOutputs } from "../base/model/outputs";
import { publicFailure } from "./failure";

/** The edge, as a deployment knows it. */
export interface EdgeInUse {
  readonly cloudflare: Pick<Cloudflare, "getKv" | "putKv" | "removeKv">;
  /** Cloudflare account. */
  readonly accountId: string;
  /** State of the stack `edge`. */
  readonly edge: Exported;
}

/** The failure of one network at the edge. What goes wrong here is said and hides nothing of the deployment itself. */
export class FailureAtEdge {
  constructor(
    private readonly tag: BuildTag,
    private readonly inUse: EdgeInUse,
    private readonly run: Pick<Run, "say">,
  ) {}

  /** Shows a failure on the network's page, in place of an earlier one. */
  async show(failure: DeploymentFailure): Promise<void> {
    const { cloudflare } = this.inUse;
    await this.attempt("its failure is not shown at the edge", (namespace) =>
      storeFailure(cloudflare, namespace, this.tag, publicFailure(failure)),
    );
  }

  /** Takes an earlier failure away; the deployment of the same build has just succeeded. */
  async clear(): Promise<void> {
    const { cloudflare } = this.inUse;
    await this.attempt("an earlier failure may still be shown at the edge", async (namespace) => {
      if (await removeFailure(cloudflare, namespace, this.tag))
        this.run.say(`${buildTag(this.tag)}: its earlier failure is no longer shown`);
    });
  }

  private async attempt(trouble: string, act: (namespace: KvNamespace) => Promise<void>): Promise<void> {
    const { accountId, edge } = this.inUse;
    try {
      await act({ accountId, namespaceId: readOutputs(EdgeOutputs, "edge", rootOutputs(edge)).namespaceId });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.run.say(`${buildTag(this.tag)}: ${trouble} (${error.what.replace(/\.$/, "")})`);
    }
  }
}

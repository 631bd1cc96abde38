import { findChannel } from "../../infra/base/channel/state";
import { credentials } from "../../infra/base/cli/credentials";
import { optionalVariable } from "../../infra/base/cli/inputs";
import { SharedWebhook } from "../../infra/base/clients/alerts";
import { type Cloudflare, cloudflareApi } from "../../infra/base/clients/cloudflare";
import { openWebhook } from "../../infra/base/clients/discord";
import { stateOfExisting } from "../../infra/base/engine/open";
import { rootOutputs } from "../../infra/base/engine/state";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { buildTag, stackName } from "../../infra/base/model/build-tag";
import { edgeKeys } from "../../infra/base/model/edge";
import { EdgeOutputs, readOutputs } from "../../infra/base/model/outputs";
import { latestOf } from "../../infra/base/model/promotion";
import type { Settings } from "../../infra/base/model/settings";
import { readSimmerSummary } from "../../infra/base/model/simmer-summary";
import { visitorsView } from "../../infra/base/observe/public-view";
import type { Store } from "../../infra/base/store/contract";
import { kubeconfigOf } from "../../infra/deploy/network/driver";
import { madeBy } from "../../infra/deploy/network/drivers";
import { draftRecap, tryDraft } from "../../infra/recap/draft";
import { retireNetwork } from "../../infra/retire/run";
import { certificateOf } from "../../infra/simmer/certify";
import { type RunningNetwork, runningNetwork } from "../../infra/simmer/networks";
import type { Hands } from "../../infra/simmer/watcher";
import { shipLogs } from "./shipping";

/** What a watcher's hands reach. */
export interface World {
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  readonly namespaceId: string;
}

/** Opens what a watcher works with. @throws {UserError} when the edge is not deployed */
export async function openWorld(settings: Settings, store: Store, run: Run): Promise<World> {
  // The whole state, since Pulumi shows it without the passphrase, and outputs only with it.
  const edge = await stateOfExisting("edge", "The edge is not deployed.", run);
  const { namespaceId } = readOutputs(EdgeOutputs, "edge", rootOutputs(edge));
  return { settings, store, cloudflare: cloudflareApi(credentials(), run), namespaceId };
}

/** The kubeconfig of a network's cluster. @throws {UserError} when the network is gone, or its cluster does not answer */
export const kubeconfigOfNetwork = ({ tag, outputs }: RunningNetwork, { settings, store }: World, run: Run) => {
  const { driver, spec } = madeBy(tag, outputs, settings, { store, credentials: credentials() });
  return kubeconfigOf(driver, spec, run);
};

/** Where the nodes of a network are today, as its cluster tells. @throws {UserError} when it does not answer */
export const nodesToday = async ({ tag, outputs }: RunningNetwork, { settings, store }: World, run: Run) => {
  const { driver, spec } = madeBy(tag, outputs, settings, { store, credentials: credentials() });
  return (await driver.facts(spec, run))?.nodes ?? [];
};

/** The place for alerts of all networks. */
const ALERTS = new SharedWebhook();

/** The hands of the watcher of a network. */
export function handsOf(
  { tag, outputs }: RunningNetwork,
  { settings, store, cloudflare, namespaceId }: World,
  run: Run,
): Hands {
  const { channels, accountId } = settings;
  const genesisTime = new Date(outputs.facts.genesisTime).toISOString(); // a summary of another life is another's
  const key = edgeKeys.simmer(stackName(tag));
  const namespace = { accountId, namespaceId };
  const url = optionalVariable("DISCORD_WEBHOOK");
  const webhook = url === undefined ? undefined : openWebhook(url);
  return {
    visit: () => visitorsView(tag, settings, outputs.facts),
    ...(webhook && {
      async alert(message: unknown) {
        const posted = await ALERTS.post(webhook, message, run.clock);
        if (posted.outcome === "sent" || posted.outcome === "unknown") return;
        const why = "why" in posted ? posted.why : `it asks to wait ${posted.retryAfter} s`;
        throw new UserError("AlertUnsent", `Discord did not take the alert (${why}).`, "Check DISCORD_WEBHOOK.");
      },
    }),
    async known() {
      const stored = await cloudflare.getKv(namespace, key);
      const summary = stored === undefined ? undefined : readSimmerSummary(stored);
      return summary?.genesisTime === genesisTime ? summary.points : [];
    },
    summarize: (summary) => cloudflare.putKv(namespace, key, JSON.stringify(summary)),
    async publish() {
      const certificate = await certificateOf(store, buildTag(tag), outputs.genesisId);
      if (certificate !== undefined)
        await cloudflare.putKv(namespace, edgeKeys.certificate(stackName(tag)), certificate);
    },
    async runs() {
      const now = await runningNetwork(tag, run);
      return now !== undefined && !now.isLeaving;
    },
    async channels() {
      const held: string[] = [];
      for (const name of channels) {
        const { known } = await findChannel(name, store, run);
        const isThere = known.state.network === stackName(tag) || latestOf(known)?.tag === buildTag(tag);
        if (isThere) held.push(name);
      }
      return held;
    },
    async ship() {
      await shipLogs({ tag, outputs, isLeaving: false }, { settings, store }, run);
    },
    retire: (why, verdict) => retireNetwork({ tag, settings, store, cloudflare, why, verdict }, run),
    recap: () => tryDraft(tag, () => draftRecap(tag, { settings, store, cloudflare, namespaceId }, run), run),
  };
}

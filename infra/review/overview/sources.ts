import { publishedFailures } from "../../base/clients/failures";
import { remoteRefs } from "../../base/clients/git";
import { type Exported, exportedStack, listStacks } from "../../base/engine/state";
import { listProcesses } from "../../base/lib/processes";
import type { Run } from "../../base/lib/run";
import { ofThisWorld } from "../../base/lib/worlds";
import type { DeploymentFailure } from "../../base/model/deployment-failure";
import { publicUrl } from "../../base/model/endpoints";
import type { Settings } from "../../base/model/settings";
import type { Store } from "../../base/store/contract";

/** What an overview is read from. All may throw a {@link UserError}. */
export interface Sources {
  /** Names of all stacks of the backend. */
  stacks(): Promise<readonly string[]>;
  /** The state of a stack; undefined when there is none. */
  state(stack: string): Promise<Exported | undefined>;
  /** Names of the stacks that an engine of this machine updates now. */
  updating(): Promise<ReadonlySet<string>>;
  /** Tags `v*` of the node repository, as `git ls-remote` lists them. */
  tags(): Promise<ReadonlyMap<string, string>>;
  /** Deployments that failed, by build tag, as the edge shows them to everybody. */
  failures(): Promise<ReadonlyMap<string, DeploymentFailure>>;
  /** The store of archives, promotions and simmers; no request yet. */
  store(): Store;
}

/** The real ones. @param store opens the store */
export const sourcesOf = (settings: Settings, store: () => Store, run: Run): Sources => ({
  stacks: () => listStacks(run),
  state: (stack) => exportedStack(stack, run),
  updating: () => updatingHere(run),
  tags: () => remoteRefs(settings.nodeRepository, "refs/tags/v*"),
  failures: () =>
    publishedFailures(publicUrl(settings.discoveryHost, settings), {
      servers: settings.dnsServers,
      zone: settings.zone,
    }),
  store,
});

/** `pulumi up --stack 1_2_3_1`, and the same with destroy. A preview changes nothing. */
const UPDATE = /^\S*pulumi (?:up|update|destroy|refresh) (?:.* )?--stack[ =](?:\S*\/)?(\S+)/;

/** The stacks in the command lines of engines that update. */
export const stackOfUpdate = (args: string): string | undefined => UPDATE.exec(args)?.[1];

async function updatingHere({ signal }: Pick<Run, "signal">): Promise<ReadonlySet<string>> {
  const updates = (await listProcesses(signal)).filter(({ args }) => stackOfUpdate(args) !== undefined);
  return new Set((await ofThisWorld(updates)).flatMap(({ args }) => stackOfUpdate(args) ?? []));
}

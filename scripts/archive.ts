import { archiveNetwork, manifestsOf } from "../infra/archive/archive";
import { folderOf } from "../infra/archive/manifest";
import { readManifest, verify } from "../infra/archive/verify";
import { parseBuildTag } from "../infra/build-tag";
import { actionOf, answer, jsonVariable, main, requireSameTag, say, variable } from "../infra/cli";
import { clusterApi } from "../infra/clients/cluster";
import { networkRecord, networkSpec } from "../infra/documents";
import { settingsOfProject } from "../infra/project-settings";
import { describeCluster } from "../infra/spacecraft/gcloud";
import { outputsOf } from "../infra/stack-outputs";
import { openStore, type Store } from "../infra/store";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: archive probe|list|collect|verify [TAG]

Keeps what a network leaves behind: its pods' logs with those of earlier containers, Kubernetes events, the stack's
outputs, its config and its smoke report. Every object is read back and compared before the archive counts: a folder
without manifest.json is what an interrupted run has left, and may be deleted.

  probe         writes, reads back and removes a small object; prints {"openedAt": ...}
  list [TAG]    prints the archives
  collect TAG   archives a running network, as retirement does before anything is shut down; when probe's answer is in
                PULUMI_COMMAND_STDOUT, an archive that was closed since is read back instead
  verify TAG    reads all archives of a tag back and compares sizes and SHA-256

Environment:
  ARCHIVE           URL of the store, file:///absolute/folder; the setting "archive" without it
  NETWORK_RECORD    for collect: what to keep besides, as JSON (infra/archive/archive.ts)
  NETWORK_SPEC      for collect: the network as JSON, to see whether its cluster is still there
  KUBECONFIG_TEXT   for collect: the way into the cluster (a secret)
  STACK             for collect: name of the network's stack, if its outputs are to be kept
  ARCHIVE_GAP       for collect: why the logs may be missing, when the cluster is gone or does not answer`,
  positionals: [1, 2],
  async run({ positionals: [given, tag], signal }) {
    const action = actionOf(given, "probe", "list", "collect", "verify");
    if (tag !== undefined) parseBuildTag(tag);
    const store = openStore(process.env.ARCHIVE ?? (await settingsOfProject()).archive);
    if (action === "probe") answer(await probe(store));
    else if (action === "list") answer(await manifestsOf(store, tag));
    else if (tag === undefined) throw new UserError(`${action} is of one tag: write ${action} v1.2.3+1`, 2);
    else if (action === "collect") await collect(store, tag, signal);
    else await verifyAll(store, tag);
  },
});

async function probe(store: Store): Promise<{ openedAt: string }> {
  await store.probe();
  return { openedAt: new Date().toISOString() };
}

async function collect(store: Store, tag: string, signal: AbortSignal): Promise<void> {
  const record = jsonVariable("NETWORK_RECORD", networkRecord);
  const spec = jsonVariable("NETWORK_SPEC", networkSpec);
  requireSameTag("NETWORK_RECORD", record.tag, tag);
  requireSameTag("NETWORK_SPEC", spec.tag, tag);
  if (process.env.KUBECONFIG_TEXT) clusterApi(process.env.KUBECONFIG_TEXT); // refuses what is none before gcloud is asked
  const exists = (await describeCluster(spec, signal)) !== undefined;
  const stack = process.env.STACK;
  const outputs = stack ? { "outputs.json": await outputsOf(stack, signal) } : {};
  say(`archiving ${tag}`);
  const { key, objects, gap } = await archiveNetwork({
    store,
    record: { tag, documents: { ...record.documents, ...outputs } },
    kubeconfig: exists ? variable("KUBECONFIG_TEXT") : undefined,
    gap: process.env.ARCHIVE_GAP,
    openedAt: openedAt(),
    say,
    signal,
  });
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  say(`archived ${tag}: ${objects.length} objects, ${bytes} bytes, all read back${gap ? `; gap: ${gap}` : ""}`);
  answer({ key, objects: objects.length, bytes, gap });
}

/** What "probe" has answered, as the engine hands it to the deletion of the same step. */
function openedAt(): string | undefined {
  const answered = process.env.PULUMI_COMMAND_STDOUT;
  return answered ? (JSON.parse(answered) as { openedAt: string }).openedAt : undefined;
}

async function verifyAll(store: Store, tag: string): Promise<void> {
  const keys = await manifestsOf(store, tag);
  if (keys.length === 0) throw new UserError(`there is no archive of ${tag}`);
  const wrong: string[] = [];
  for (const key of keys) {
    const manifest = await readManifest(store, key);
    const mistakes = await verify(store, folderOf(key), manifest);
    say(`${key}: ${mistakes.length === 0 ? `${manifest.objects.length} objects, all well` : mistakes.join("; ")}`);
    wrong.push(...mistakes);
  }
  if (wrong.length > 0)
    throw new UserError(`${wrong.length} objects of the archive of ${tag} are not as they were written`);
}

import { networkRecordSchema } from "../infra/archive/documents";
import { folderOfManifest } from "../infra/archive/manifest";
import { range, readBack } from "../infra/archive/read-back";
import { archiveNetwork, manifestsOf } from "../infra/archive/run";
import { archiveLine, archiveWords, rangeOf } from "../infra/archive/show";
import { readManifest, tryManifest, verifyArchive } from "../infra/archive/verify";
import { actionOf, jsonVariable, requireSameTag, variable } from "../infra/base/cli/inputs";
import { answer, main, say } from "../infra/base/cli/verb";
import { clusterApi } from "../infra/base/clients/kubernetes/client";
import { settingsOfProject } from "../infra/base/engine/project";
import { outputsOf } from "../infra/base/engine/state";
import { shown, UserError } from "../infra/base/lib/errors";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { networkSpecSchema } from "../infra/base/model/network-spec";
import type { Store } from "../infra/base/store/contract";
import { openStore } from "../infra/base/store/open";
import { describeCluster } from "../infra/deploy/network/spacecraft/gcloud";

main({
  help: `
Usage: archive list [TAG]
       archive show TAG [OBJECT] [--number N] [--json]
       archive verify TAG
       archive probe
       archive collect TAG

Keeps what a network leaves behind: its pods' logs with those of earlier containers, Kubernetes events, a last sample of
every node, the stack's outputs, its config and its smoke report. Every object is read back and compared before the
archive counts: a folder without manifest.json is what an interrupted run has left, and may be deleted.

  list [TAG]    prints the archives' manifests as JSON, and what they are in words on standard error
  show TAG      prints in words what the newest archive of a tag holds, or the manifest itself with --json
  show TAG OBJECT
                prints one of its objects, unpacked: events.json, the logs of a pod (miner-1-abc), or of one of its
                containers (miner-1-abc/miner), earlier run first
  verify TAG    reads all archives of a tag back and compares sizes and SHA-256
  probe         writes, reads back and removes a small object; prints {"openedAt": ...}
  collect TAG   archives a running network, as retirement does before anything is shut down; when probe's answer is in
                PULUMI_COMMAND_STDOUT, an archive that was closed since is read back instead

  --number N    for show: the archive of that number instead of the newest

Environment:
  ARCHIVE           URL of the store; the setting "archive" without it: file:///absolute/folder, gs://bucket/prefix or
                    s3://bucket/prefix?region=us-east-1 (and &endpoint=https://host for another S3 than Amazon's)
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                    credentials for s3 (secrets)
  GOOGLE_APPLICATION_CREDENTIALS
                    for gs: the key file of a service account
  NETWORK_RECORD    for collect: what to keep besides, as JSON (infra/archive/run.ts)
  NETWORK_SPEC      for collect: the network as JSON, to see whether its cluster is still there
  KUBECONFIG_TEXT   for collect: the way into the cluster (a secret)
  STACK             for collect: name of the network's stack, if its outputs are to be kept
  ARCHIVE_GAP       for collect: why the logs may be missing, when the cluster is gone or does not answer`,
  positionals: [1, 3],
  flags: { number: { type: "string" }, json: { type: "boolean" } },
  async run({ positionals: [given, tag, object], flags: { number, json }, signal }) {
    const action = actionOf(given, "probe", "list", "show", "collect", "verify");
    if (tag !== undefined) parseBuildTag(tag);
    if (action !== "show" && (object ?? number ?? json) !== undefined)
      throw new UserError(`${action} takes no object, no --number and no --json: only show does`, 2);
    if (number !== undefined && !/^[1-9]\d*$/.test(`${number}`))
      throw new UserError(`--number is ${shown(number)}: wanted the number of an archive, 1 for the first`, 2);
    const store = openStore(process.env.ARCHIVE ?? (await settingsOfProject()).archive);
    if (action === "probe") answer(await probe(store));
    else if (action === "list") await list(store, tag);
    else if (tag === undefined) throw new UserError(`${action} is of one tag: write ${action} v1.2.3+1`, 2);
    else if (action === "collect") await collect(store, tag, signal);
    else if (action === "verify") await verifyAll(store, tag);
    else await show(store, tag, object, { number: number as string | undefined, asJson: json === true });
  },
});

async function probe(store: Store): Promise<{ openedAt: string }> {
  await store.probe();
  return { openedAt: new Date().toISOString() };
}

async function list(store: Store, tag: string | undefined): Promise<void> {
  const keys = await manifestsOf(store, tag);
  for (const key of keys) say(archiveLine(key, await tryManifest(store, key)));
  answer(keys);
}

async function show(
  store: Store,
  tag: string,
  object: string | undefined,
  { number, asJson }: { number?: string; asJson: boolean },
): Promise<void> {
  const keys = await manifestsOf(store, tag);
  const key = number ? keys.find((one) => one.split("/").at(-2) === number) : keys.at(-1);
  if (!key)
    throw new UserError(
      `there is no archive ${number ?? ""} of ${tag}: look with archive list ${tag}`.replace("  ", " "),
    );
  const manifest = await readManifest(store, key);
  if (object === undefined) {
    if (asJson) answer(manifest);
    else process.stdout.write(archiveWords(key, manifest));
    return;
  }
  const { whole, from, to } = rangeOf(key, manifest, object);
  const wrong = await readBack(store, folderOfManifest(key), whole, range(from, to, process.stdout));
  if (wrong) throw new UserError(`${wrong}: what was printed is not what was archived`);
}

async function collect(store: Store, tag: string, signal: AbortSignal): Promise<void> {
  const record = jsonVariable("NETWORK_RECORD", networkRecordSchema);
  const spec = jsonVariable("NETWORK_SPEC", networkSpecSchema);
  requireSameTag("NETWORK_RECORD", record.tag, tag);
  requireSameTag("NETWORK_SPEC", spec.tag, tag);
  if (process.env.KUBECONFIG_TEXT) clusterApi(process.env.KUBECONFIG_TEXT); // refuses what is none before gcloud is asked
  const exists = (await describeCluster(spec, signal)) !== undefined;
  const stack = process.env.STACK;
  const outputs = stack ? await outputsOf(stack, signal) : undefined;
  say(`archiving ${tag}`);
  const { key, objects, gap } = await archiveNetwork({
    store,
    record: { tag, documents: { ...record.documents, ...documentsOf(outputs) } },
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

/** The stack's outputs, and the smoke report among them once more under its own name. */
function documentsOf(outputs: Record<string, unknown> | undefined): Record<string, unknown> {
  if (!outputs) return {};
  return { "outputs.json": outputs, ...(outputs.smoke === undefined ? {} : { "smoke.json": outputs.smoke }) };
}

/** What "probe" has answered, as the engine hands it to the deletion of the same step. */
function openedAt(): string | undefined {
  const answered = process.env.PULUMI_COMMAND_STDOUT;
  return answered ? (JSON.parse(answered) as { openedAt: string }).openedAt : undefined;
}

async function verifyAll(store: Store, tag: string): Promise<void> {
  const keys = await manifestsOf(store, tag);
  if (keys.length === 0) throw new UserError(`there is no archive of ${tag}`);
  let findings = 0;
  for (const key of keys) {
    const { objects, wrong } = await verifyArchive(store, key);
    say(`${key}: ${wrong.length === 0 ? `${objects} objects, all well` : wrong.join("; ")}`);
    findings += wrong.length;
  }
  if (findings > 0) throw new UserError(`${findings} objects of the archive of ${tag} are not as they were written`);
}

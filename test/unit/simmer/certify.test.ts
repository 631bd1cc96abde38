import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { sha256Of } from "../../../infra/base/lib/sha256";
import type { VersionOutputs } from "../../../infra/base/model/outputs";
import { verifyCertificate } from "../../../infra/simmer/certificate/verify";
import { certificateKey, certificateOf, certify, verifyLog } from "../../../infra/simmer/certify";
import { entryKey, logPrefix, readEntry, textOfEntry } from "../../../infra/simmer/entry";
import { SimmerLog } from "../../../infra/simmer/log";
import type { WatcherOptions } from "../../../infra/simmer/watcher";
import { newKeys } from "../../support/certificate";
import { refusesLater } from "../../support/errors";
import { NETWORK, THRESHOLDS } from "../../support/judged";
import { SAMPLE_NETWORK } from "../../support/sample-network";
import { IDLE, WatchedNetwork } from "../../support/watched";

const TAG = "v1.2.3+1";
const COMMIT = "d20ace7968ba43c0219f62d71334c1095bab1602";
const { privateKey, publicKey } = newKeys.Ed25519();
const RUN = runWith();
/** Two days of ten minutes. */
const TERMS = { network: NETWORK, thresholds: THRESHOLDS, days: 2, day: 600, commit: COMMIT };
/** Layers in which the days of {@link TERMS} become full. */
const FULL = 14;

const OUTPUTS: VersionOutputs = {
  schema: 1,
  tag: TAG,
  endpoints: SAMPLE_NETWORK.endpoints,
  address: "203.0.113.5",
  genesisId: NETWORK.genesisId,
  facts: SAMPLE_NETWORK.facts,
  versions: SAMPLE_NETWORK.versions,
  smoke: { passed: true },
  commit: COMMIT,
  kubeconfig: "",
};

/** A network that was watched for some layers, to be certified. */
async function simmered(layers: number, more: Partial<WatcherOptions> = {}) {
  const world = WatchedNetwork.make();
  const watcher = await world.watcher(TAG, { terms: TERMS, ...more });
  await world.looks(watcher, layers);
  const { store } = world;
  const log = () => new SimmerLog(store, TAG, NETWORK.genesisId);
  return {
    world,
    watcher,
    store,
    log,
    sealed: async () => {
      const opened = log();
      await opened.open();
      return opened.state.certifiedAt;
    },
    seal: (outputs: Partial<VersionOutputs> = {}) =>
      certify({ outputs: { ...OUTPUTS, ...outputs }, store, repository: "https://host/node", privateKey }, RUN),
  };
}

describe("certify", () => {
  it("seals what the log proves, and writes it down", async () => {
    const { world, seal, sealed, store, log } = await simmered(FULL);
    const text = await seal();
    const certificate = verifyCertificate(text, publicKey);
    const { tag, release, commit, chain, needed, visits, result } = certificate;
    deepStrictEqual([tag, release, commit, needed, result], [TAG, "v1.2.3", COMMIT, 1200, "PASSED"]);
    ok(visits >= 2);
    const from = new Date(NETWORK.genesisTime + 20 * 120_000 + 30_000).toISOString();
    const to = new Date(world.now).toISOString();
    deepStrictEqual([certificate.from, certificate.to], [from, to]);
    strictEqual(certificate.digests.config, sha256Of("{}"));
    strictEqual(await certificateOf(store, TAG, NETWORK.genesisId), text);
    strictEqual(await sealed(), to);
    const opened = log();
    await opened.open();
    deepStrictEqual(opened.last?.entry.body, { kind: "certificate", at: to, sha256: sha256Of(text) });
    strictEqual(opened.last?.entry.number, chain.count + 1);
    await verifyLog(store, certificate);
  });

  it("names everything that is missing", async () => {
    const { world, watcher, seal, store } = await simmered(4, { hands: { ...IDLE, visit: unanswered } });
    world.stuckAt = 20;
    await world.looks(watcher, 8);
    await refusesLater(seal({ commit: "0".repeat(40) }), "SimmerIncomplete", {
      names: [
        "more days healthy or slow",
        "it is stalled",
        "2 more daily visits",
        "a watch of the commit",
        "000000000000",
      ],
    });
    strictEqual(store.objects.has(certificateKey(TAG, NETWORK.genesisId)), false);
  });

  it("refuses a network whose watch was of another commit, or of none that is known", async () => {
    const { seal } = await simmered(FULL);
    await refusesLater(seal({ commit: "0".repeat(40) }), "SimmerIncomplete", { names: ["a watch of the commit"] });
    const { commit: _, ...terms } = TERMS;
    const unknown = await simmered(FULL, { terms });
    await refusesLater(unknown.seal(), "SimmerIncomplete", { names: ["a watch of the commit"] });
  });

  it("refuses a network that was never watched", async () => {
    const { store } = WatchedNetwork.make();
    const never = certify({ outputs: OUTPUTS, store, repository: "https://host/node", privateKey }, RUN);
    await refusesLater(never, "SimmerLogEmpty");
  });

  it("refuses a log that was changed", async () => {
    const { seal, store } = await simmered(FULL);
    change(store.objects, 12);
    await refusesLater(seal(), "SimmerLogChanged", { names: ["Entry 12 "] });
  });

  it("keeps the certificate that a network has", async () => {
    const { seal, store } = await simmered(FULL);
    const text = await seal();
    const count = store.objects.size;
    strictEqual(await seal(), text);
    strictEqual(store.objects.size, count);
  });

  it("writes a certificate down that a killed run had stored, so that the watcher publishes it", async () => {
    const { world, watcher, seal, sealed, store } = await simmered(FULL);
    const put = store.put.bind(store);
    store.put = async (key, content) => {
      if (!key.endsWith("certificate.json")) throw new UserError("StoreUnwritable", "The store is away.", "");
      return put(key, content);
    };
    await refusesLater(seal(), "StoreUnwritable");
    store.put = put;
    const to = new Date(world.now).toISOString();
    await world.looks(watcher, 1);
    const text = await seal();
    strictEqual(await sealed(), to);
    strictEqual(await seal(), text);
  });

  it("gives two people who certify at once the same certificate", async () => {
    const { seal, sealed, store } = await simmered(FULL);
    const [one, other] = await Promise.all([seal(), seal()]);
    strictEqual(one, other);
    ok(await sealed());
    await verifyLog(store, verifyCertificate(one, publicKey));
  });

  it("goes on while a watcher adds samples", async () => {
    const { world, watcher, seal, store } = await simmered(FULL);
    const [text] = await Promise.all([seal(), world.looks(watcher, 2)]);
    const certificate = verifyCertificate(text, publicKey);
    await world.looks(watcher, 2);
    await verifyLog(store, certificate);
  });
});

describe("verifyLog", () => {
  it("finds a log that was changed after sealing, and names the entry", async () => {
    const { seal, store } = await simmered(FULL);
    const certificate = verifyCertificate(await seal(), publicKey);
    change(store.objects, 12);
    await refusesLater(verifyLog(store, certificate), "SimmerLogChanged", { names: ["Entry 12 "] });
  });

  it("finds a log whose end was cut off", async () => {
    const { seal, store } = await simmered(FULL);
    const certificate = verifyCertificate(await seal(), publicKey);
    const { count } = certificate.chain;
    for (const number of [count + 1, count]) store.objects.delete(entryKey(logPrefix(TAG, NETWORK.genesisId), number));
    await refusesLater(verifyLog(store, certificate), "CertificateUnproven", { names: [`${count - 1} entries`] });
  });

  it("finds another log that is right in itself", async () => {
    const { seal } = await simmered(FULL);
    const certificate = verifyCertificate(await seal(), publicKey);
    const other = await simmered(FULL, { watcher: "two" });
    await refusesLater(verifyLog(other.store, certificate), "CertificateUnproven", { names: ["another one"] });
    await rejects(verifyLog(WatchedNetwork.make().store, certificate), { code: "SimmerLogEmpty" });
  });

  it("finds a certificate that states other times", async () => {
    const { seal, store } = await simmered(FULL);
    const certificate = verifyCertificate(await seal(), publicKey);
    const observed = { ...certificate.observed, healthy: certificate.observed.healthy + 1 };
    await refusesLater(verifyLog(store, { ...certificate, observed }), "CertificateUnproven", { names: ["times"] });
  });
});

const unanswered = async () => [{ what: "explorer", ok: false, saw: "no answer" }];

/** Changes the verified layer of one node in a stored sample. */
function change(objects: Map<string, string>, number: number): void {
  const key = entryKey(logPrefix(TAG, NETWORK.genesisId), number);
  const { entry } = readEntry(key, objects.get(key) ?? "");
  if (entry.body.kind !== "sample") throw new Error(`entry ${number} is no sample`);
  const [first, ...others] = entry.body.sample.nodes;
  if (!first?.reachable) throw new Error("the node did not answer");
  const nodes = [{ ...first, verifiedLayer: first.verifiedLayer + 1 }, ...others];
  objects.set(key, textOfEntry({ ...entry, body: { ...entry.body, sample: { ...entry.body.sample, nodes } } }));
}

import { cloudflareApi } from "../base/clients/cloudflare";
import type { Run } from "../base/lib/run";
import { sameKnown } from "../base/lib/same-known";
import { asReader, type Credentials } from "../base/model/credentials";
import type { Mistake } from "../base/model/invalid-settings";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { openSecretTexts, openStore, openStoreToRead } from "../base/store/open";
import type { TlsStore } from "../tls/record";
import { backendCheck, chosenBackend } from "./backend";
import { type Check, examined, type Finding, found } from "./check";
import { clusterCheck, OF_CLUSTER } from "./cluster";
import { billOf, demandIn } from "./demand";
import { edgeChecks, unasked } from "./edge";
import { googleCheck } from "./google";
import { judgeSettings, keyChecks } from "./keys";
import { repositoryCheck, signersCheck, storeCheck, storeReaderCheck, webhookCheck } from "./outside";
import { tlsCheck } from "./tls";
import { toolChecks } from "./tools";

/** What a doctor looks at. */
export interface Patient {
  /** Those that can be read. */
  readonly settings: Partial<Settings>;
  readonly mistakes: readonly Mistake[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly credentials: Credentials;
  /** Values of the environment that no finding may show. */
  readonly secrets: readonly string[];
  /** Time limit of each question, in seconds. */
  readonly timeout: number;
}

/** What a doctor found; the document of `smeshnet doctor --json`. */
export interface Diagnosis {
  readonly schema: 1;
  /** Absent when the setting is wrong. */
  readonly driver?: Settings["driver"];
  /** What the network of the settings asks of a cluster; without kinds with the driver `spacecraft`. */
  readonly demand?: ReturnType<typeof billOf>;
  readonly findings: readonly Finding[];
}

/**
 * Asks for everything that a first deployment needs. Nothing is changed anywhere.
 * @throws the reason of an interrupt
 */
export async function diagnosis(patient: Patient, run: Run): Promise<Diagnosis> {
  const { settings, mistakes, environment, timeout, secrets } = patient;
  const backend = await chosenBackend(environment);
  const checks: Check[] = [
    ...toolChecks(settings, environment),
    { name: "settings", ask: async () => found(...judgeSettings(mistakes, settings.driver)) },
    ...keyChecks(environment, patient.credentials, backend),
    backendCheck(backend),
    ...platformChecks(settings, environment),
    ...edgeChecks(
      (cloudflareToken, signal) =>
        cloudflareApi({ ...patient.credentials, cloudflareToken, cloudflareTokens: {} }, { ...run, signal }),
      patient.credentials,
      settings,
    ),
    ...outsideChecks(patient, run),
  ];
  const findings = await examined(checks, { timeout, secrets }, run);
  const { driver } = settings;
  return {
    schema: 1,
    ...(driver && { driver }),
    ...(has(settings, SIZED) && { demand: billOf(demandIn(settings)) }),
    findings,
  };
}

const SIZED = ["driver", "miners", "poets", "resources", "storageClass"] as const;

const has = <K extends keyof Settings>(
  settings: Partial<Settings>,
  keys: readonly K[],
): settings is Partial<Settings> & Pick<Settings, K> => lacking(settings, keys).length === 0;

/** An empty one is missing too: a driver needs what others leave empty. */
const lacking = (settings: Partial<Settings>, keys: readonly (keyof Settings)[]): (keyof Settings)[] =>
  keys.filter((key) => settings[key] === undefined || settings[key] === "");

function platformChecks(settings: Partial<Settings>, environment: Patient["environment"]): Check[] {
  switch (settings.driver) {
    case "kubernetes":
      return has(settings, OF_CLUSTER)
        ? [clusterCheck(settings, environment)]
        : [unasked("cluster.api", ...lacking(settings, OF_CLUSTER))];
    case "spacecraft":
      return has(settings, ["gcpProject"]) ? [googleCheck(settings)] : [unasked("google.account", "gcpProject")];
    case undefined:
      return [unasked("cluster.api", "driver")];
  }
}

function outsideChecks({ settings, environment, credentials, timeout }: Patient, run: Run): Check[] {
  const { archive, nodeRepository, allowedSigners } = settings;
  const open = (url: string): Store => openStore(url, credentials, run.say);
  const reader = asReader(credentials);
  return [
    archive === undefined ? unasked("store", "archive") : storeCheck(archive, () => open(archive)),
    ...(archive !== undefined && reader.isReader
      ? [storeReaderCheck(archive, () => openStoreToRead(archive, reader, run.say))]
      : []),
    ...tlsChecks(settings, (url) => ({ store: open(url), secretTexts: openSecretTexts(credentials) }), run),
    nodeRepository === undefined ? unasked("repository", "nodeRepository") : repositoryCheck(nodeRepository),
    allowedSigners === undefined
      ? unasked("signers", "allowedSigners")
      : signersCheck(allowedSigners, run.clock.now(), environment),
    webhookCheck(environment.DISCORD_WEBHOOK, timeout),
  ];
}

/** Nothing is asked for without TLS. */
function tlsChecks(settings: Partial<Settings>, open: (url: string) => TlsStore, run: Run): Check[] {
  if (!settings.tls) return [];
  if (!has(settings, OF_TLS)) return [unasked("tls", ...lacking(settings, OF_TLS))];
  return [tlsCheck(settings, () => open(settings.archive), run.clock.now())];
}

const OF_TLS = ["archive", "zone", "subdomain", "channels", "acmeDirectory"] as const;

/** A finding as a line. */
export const lineOf = ({ name, state, what, fix, unproven }: Finding): string =>
  [
    `${state.padEnd(4)} ${name}: ${what}`,
    unproven === undefined ? "" : `; not proven: ${unproven}`,
    fix === undefined ? "" : ` (${fix})`,
  ].join("");

/** The names of the findings in a state, each once. */
export const namesOf = (findings: readonly Finding[], state: Finding["state"]): string[] => [
  ...new Set(findings.filter((one) => sameKnown(one.state, state)).map(({ name }) => name)),
];

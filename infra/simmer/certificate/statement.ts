import { SIMMER_VERDICTS, type Verdict } from "../../base/model/verdict";

// The certificate is an in-toto Statement v1 with the predicate test-result v0.1 (github.com/in-toto/attestation,
// spec/v1 and spec/predicates/test-result.md). Certificates outlive releases: the names of the keys are contracts.

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1";

/** Name of the subject that is the log's last object. Its file is the blob that cosign compares with the subjects. */
export const LOG_HEAD = "simmer-log-head";

/** The only key of ours in the predicate. In-toto wants extension names that no other organization uses. */
export const EXTENSION = "spacemeshSimmer";

const SECONDS_PER_DAY = 86_400;

/** Everything that a certificate states. Digests are hexadecimal, times RFC 3339. */
export interface CertificateInput {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** Release tag that the build was made for, `v1.2.3`. */
  readonly release?: string;
  /** Repository of the node, as git takes it, without credentials. */
  readonly repository: string;
  /** Commit of the build tag that was deployed. */
  readonly commit: string;
  /** Image that the nodes ran, with the SHA-256 of its manifest; absent when the digest is unknown. */
  readonly image?: { readonly name: string; readonly sha256: string };
  readonly genesisId: string;
  /** First layer whose verification proves something. */
  readonly effectiveGenesis: number;
  /** The log of samples: its key prefix in the store, the number of its objects, and the SHA-256 of its last object. */
  readonly chain: { readonly prefix: string; readonly count: number; readonly head: string };
  /** Observed time by verdict, in seconds. */
  readonly observed: Readonly<Record<Verdict, number>>;
  /** Healthy or slow time that a certificate needs, in seconds. */
  readonly needed: number;
  /** Limits by which the verdicts were made, by the name of their setting. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Time of the first sample. */
  readonly from: string;
  /** Time of the last sample. */
  readonly to: string;
  /** Number of daily visits to explorer and dashboard. */
  readonly visits: number;
  /** SHA-256 of the network's settings, of its versions manifest and of its smoke report. */
  readonly digests: { readonly config: string; readonly versions: string; readonly smoke: string };
  /** URL of the page that shows the simmer. */
  readonly page?: string;
}

/** Time that counts for a certificate, in seconds: somebody saw the network advance. */
export const countedSeconds = ({ healthy, slow }: Readonly<Record<Verdict, number>>): number => healthy + slow;

/**
 * The statement over a simmer: a pure function of its input, so the same input gives the same bytes.
 * Subjects are the commit, the image, and the log's last object. The commit's name is the build tag, since forks and
 * mirrors of a repository hold the same commit; its `uri` tells where it came from.
 */
export function statementOf(input: CertificateInput) {
  const { tag, release, commit, image, chain, digests, page } = input;
  const results = testResults(input);
  const named = (wanted: Outcome) => results.filter(([, outcome]) => outcome === wanted).map(([name]) => name);
  const [passedTests, warnedTests, failedTests] = [named("passed"), named("warned"), named("failed")];
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: tag, uri: commitUri(input.repository, tag), digest: { gitCommit: commit } },
      ...(image ? [{ name: image.name, digest: { sha256: image.sha256 } }] : []),
      { name: LOG_HEAD, digest: { sha256: chain.head } },
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: failedTests.length > 0 ? "FAILED" : warnedTests.length > 0 ? "WARNED" : "PASSED",
      configuration: [
        { name: "config", digest: { sha256: digests.config } },
        { name: "versions", digest: { sha256: digests.versions } },
        { name: "smoke", digest: { sha256: digests.smoke } },
      ],
      ...(page !== undefined && { url: page }),
      passedTests,
      warnedTests,
      failedTests,
      [EXTENSION]: {
        tag,
        ...(release !== undefined && { release }),
        repository: input.repository,
        genesisId: input.genesisId,
        effectiveGenesis: input.effectiveGenesis,
        chain: { prefix: chain.prefix, count: chain.count, head: chain.head },
        observed: Object.fromEntries(SIMMER_VERDICTS.map((verdict) => [verdict, input.observed[verdict]])),
        needed: input.needed,
        thresholds: Object.fromEntries(Object.entries(input.thresholds).sort(([a], [b]) => (a < b ? -1 : 1))),
        from: input.from,
        to: input.to,
        visits: input.visits,
      },
    },
  };
}

/** The payload of an envelope. */
export const renderStatement = (input: CertificateInput): string => JSON.stringify(statementOf(input));

type Outcome = "passed" | "warned" | "failed";

/** Only too little time fails. Trouble that the network got over is a warning, which the release manager weighs. */
function testResults({ observed, needed, visits }: CertificateInput): readonly [name: string, outcome: Outcome][] {
  const warnUnless = (isFine: boolean): Outcome => (isFine ? "passed" : "warned");
  return [
    ["simmered-long-enough", countedSeconds(observed) >= needed ? "passed" : "failed"],
    ["never-slow", warnUnless(observed.slow === 0)],
    ["never-stalled", warnUnless(observed.stalled === 0)],
    ["never-split", warnUnless(observed.split === 0)],
    ["never-blind", warnUnless(observed.blind === 0)],
    ["visited-daily", warnUnless(visits >= Math.floor(needed / SECONDS_PER_DAY))],
  ];
}

/** A tag of a repository in the form of SPDX download locations: `git+https://host/owner/name@refs/tags/v1.2.3+1`. */
function commitUri(repository: string, tag: string): string {
  const [, account, path] = /^([\w.-]+@[\w.-]+):(.+)$/.exec(repository) ?? [];
  const url = account ? `ssh://${account}/${path}` : repository.startsWith("/") ? `file://${repository}` : repository;
  return `git+${url}@refs/tags/${tag}`;
}

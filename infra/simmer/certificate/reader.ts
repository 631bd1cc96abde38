import { z } from "zod";
import { shown, UserError } from "../../base/lib/errors";
import { parsedJson, valueAt } from "../../base/lib/json";
import {
  buildTagText,
  listOf,
  nonEmptyText,
  object,
  releaseTagText,
  timeText,
  urlText,
  wholeFrom,
} from "../../base/model/formats";
import {
  type CertificateInput,
  countedSeconds,
  EXTENSION,
  LOG_HEAD,
  PREDICATE_TYPE,
  STATEMENT_TYPE,
} from "./statement";

/** What a certificate states, read back. */
export interface Certificate extends CertificateInput {
  /** `WARNED` when the network had trouble and got over it. */
  readonly result: "PASSED" | "WARNED";
  /** Names of the tests that gave a warning, e.g. `never-stalled`. */
  readonly warnings: readonly string[];
}

/** A certificate that is not in the form that we seal. */
export class InvalidCertificate extends UserError {
  /** @param what says what is wrong: a sentence with the full stop */
  constructor(what: string) {
    super("CertificateInvalid", what, "Get the original file again, or certify the network again.");
    this.name = "InvalidCertificate";
  }
}

const hex = (expected: string, form: RegExp) => z.string(expected).regex(form, expected);
const sha256 = hex("a SHA-256 as 64 hexadecimal digits", /^[0-9a-f]{64}$/);
/** SHA-1 or SHA-256, as git has either. */
const gitCommit = hex("a commit as 40 or 64 hexadecimal digits", /^([0-9a-f]{40}|[0-9a-f]{64})$/);

const seconds = z.number("seconds").min(0, "seconds");

const Subject = object({
  name: z.string("text").optional(),
  digest: object({ gitCommit: gitCommit.optional(), sha256: sha256.optional() }),
});
type Subject = z.infer<typeof Subject>;

const Simmer = object({
  tag: buildTagText,
  release: releaseTagText.optional(),
  repository: nonEmptyText,
  genesisId: nonEmptyText,
  effectiveGenesis: wholeFrom(0),
  chain: object({ prefix: nonEmptyText, count: wholeFrom(1), head: sha256 }),
  observed: object({ healthy: seconds, slow: seconds, stalled: seconds, split: seconds, blind: seconds }),
  needed: seconds,
  thresholds: z.record(z.string(), z.number("a number"), "an object of numbers"),
  from: timeText,
  to: timeText,
  visits: wholeFrom(0),
});

const Statement = object({
  _type: z.literal(STATEMENT_TYPE, STATEMENT_TYPE),
  subject: listOf(Subject),
  predicateType: z.literal(PREDICATE_TYPE, PREDICATE_TYPE),
  predicate: object({
    result: z.enum(["PASSED", "WARNED", "FAILED"], "PASSED, WARNED or FAILED"),
    configuration: listOf(object({ name: z.string("text").optional(), digest: object({ sha256 }).optional() })),
    url: urlText.optional(),
    warnedTests: listOf(nonEmptyText).default([]),
    [EXTENSION]: Simmer,
  }),
});
type Statement = z.infer<typeof Statement>;

/**
 * Reads the payload of an envelope whose signature is verified. In-toto demands that unknown keys are ignored.
 * @throws {UserError} when the statement is not a certificate of ours, or certifies too little time
 */
export function readStatement(payload: string): Certificate {
  const { subject, predicate } = parsedStatement(payload);
  const { [EXTENSION]: simmer, result, configuration, url, warnedTests } = predicate;
  const commit = commitOf(subject, simmer.tag);
  requireLogHead(subject, simmer.chain.head);
  const counted = countedSeconds(simmer.observed);
  if (result === "FAILED" || counted < simmer.needed)
    throw new UserError(
      "SimmerIncomplete",
      `The simmer of ${simmer.tag} did not pass: ${counted} s of ${simmer.needed} s count.`,
      "Let the network simmer until the time is full, then certify it.",
    );
  const image = subject.find(({ name, digest }) => name !== LOG_HEAD && digest.sha256 !== undefined);
  const digestOf = (wanted: string): string => {
    const found = configuration.find(({ name }) => name === wanted)?.digest?.sha256;
    if (found === undefined) throw new InvalidCertificate(`The certificate lacks the digest of ${shown(wanted)}.`);
    return found;
  };
  return {
    ...simmer,
    commit,
    ...(image?.digest.sha256 !== undefined && { image: { name: image.name ?? "", sha256: image.digest.sha256 } }),
    digests: { config: digestOf("config"), versions: digestOf("versions"), smoke: digestOf("smoke") },
    ...(url !== undefined && { page: url }),
    result,
    warnings: warnedTests,
  };
}

function parsedStatement(payload: string): Statement {
  const document = parsedJson(payload);
  if (document === undefined) throw new InvalidCertificate("The certificate's payload is not JSON.");
  const { success, data, error } = Statement.safeParse(document);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  const value = valueAt(document, path);
  const state = value === undefined ? "is missing" : `is ${shown(value)}`;
  throw new InvalidCertificate(
    `${path.join(".") || "The statement"} of the certificate ${state}, expected ${message}.`,
  );
}

/** The commit of the build tag. Two commits would let everybody read the one that suits. */
function commitOf(subjects: readonly Subject[], tag: string): string {
  const [first, ...others] = subjects.filter(({ digest }) => digest.gitCommit !== undefined);
  if (first?.digest.gitCommit === undefined)
    throw new InvalidCertificate("The certificate has no commit among its subjects.");
  if (others.length > 0) throw new InvalidCertificate("The certificate has several commits among its subjects.");
  if (first.name !== tag)
    throw new InvalidCertificate(`The certificate is for ${tag}, but its commit is of ${shown(first.name)}.`);
  return first.digest.gitCommit;
}

/** Cosign compares subjects, our log verification the extension: both must mean the same log. */
function requireLogHead(subjects: readonly Subject[], head: string): void {
  if (subjects.some(({ name, digest }) => name === LOG_HEAD && digest.sha256 === head)) return;
  throw new InvalidCertificate(`The certificate has no subject ${LOG_HEAD} with the digest ${head}.`);
}

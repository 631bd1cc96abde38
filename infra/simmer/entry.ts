import { z } from "zod";
import { UserError } from "../base/lib/errors";
import { parsedJson } from "../base/lib/json";
import { sha256Of } from "../base/lib/sha256";
import { buildTagText, listOf, nonEmptyText, object, timeText, wholeFrom } from "../base/model/formats";
import type { NetworkSample } from "../base/model/sample";
import { SIMMER_VERDICTS } from "../base/model/verdict";
import type { Evidence } from "../base/verdict/judge";
import type { Memory } from "../base/verdict/memory";

// The log of the simmer: one object an entry, each with the digest of the one before. All of this is a stored format.

const seconds = z.number("a number of seconds").min(0, "a number of seconds");
const layer = wholeFrom(0);
const verdict = z.enum(SIMMER_VERDICTS, SIMMER_VERDICTS.join(", "));
const apart = object({ layer, isSplit: z.boolean() });
const digest = z.string("a SHA-256").regex(/^[0-9a-f]{64}$/, "a SHA-256");

/** What the judge goes by. A watcher with other settings writes new terms. */
export const Terms = object({
  network: object({
    nodes: listOf(nonEmptyText),
    genesisId: nonEmptyText,
    /** Milliseconds since 1970. */
    genesisTime: z.number("a number"),
    /** Seconds. */
    layerDuration: wholeFrom(1),
    layersPerEpoch: wholeFrom(1),
  }),
  thresholds: object({ usualLag: layer, stall: wholeFrom(1) }),
  /** Days that a network simmers. */
  days: wholeFrom(1),
  /** Length of a day, in seconds; shorter than 86400 only in rehearsals. */
  day: wholeFrom(1),
  /** Commit that was deployed; absent when nobody knows it. */
  commit: nonEmptyText.optional(),
});
export type Terms = Readonly<z.infer<typeof Terms>>;

const answered = object({
  node: nonEmptyText,
  at: timeText,
  reachable: z.literal(true),
  version: z.string().optional(),
  genesisId: z.string().optional(),
  connectedPeers: z.number().optional(),
  synced: z.boolean(),
  // What a node claims is kept as it is, however impossible: the judge decides what it is worth.
  topLayer: z.number(),
  syncedLayer: z.number(),
  verifiedLayer: z.number(),
});
const silent = object({ node: nonEmptyText, at: timeText, reachable: z.literal(false), error: z.string() });
const service = z.union([
  object({ reachable: z.literal(true), layer: z.number().optional(), genesisId: z.string().optional() }),
  object({ reachable: z.literal(false), error: z.string() }),
]);

export const SampleForm: z.ZodType<NetworkSample> = object({
  at: timeText,
  nodes: listOf(z.union([answered, silent])),
  roots: object({ layer, byNode: z.record(z.string(), z.string()) }).optional(),
  gateway: service,
  explorer: service,
  dashboard: service,
});

const MemoryForm: z.ZodType<Memory> = object({
  time: seconds,
  verdict,
  since: seconds,
  verified: layer.optional(),
  nodes: z.record(
    z.string(),
    object({ verified: layer, since: seconds, pace: wholeFrom(1), last: wholeFrom(1), watched: z.boolean() }),
  ),
  observed: object({ healthy: seconds, slow: seconds, stalled: seconds, split: seconds, blind: seconds }),
  unwatched: seconds,
  pending: seconds,
  trouble: seconds,
  lastTrouble: object({ verdict, from: seconds, to: seconds }).optional(),
  apart: apart.optional(),
  watchers: z.record(z.string(), object({ serial: wholeFrom(1), at: z.number(), time: seconds })),
});

const EvidenceForm: z.ZodType<Evidence> = object({
  top: layer.optional(),
  verified: layer.optional(),
  quorum: wholeFrom(1),
  nodes: wholeFrom(0),
  advancing: wholeFrom(0),
  standing: listOf(z.string()),
  silent: listOf(z.string()),
  implausible: z.record(z.string(), z.enum(["another genesis", "impossible layers", "another clock"])),
  services: z.record(z.string(), z.enum(["silent", "another genesis", "behind"])).optional(),
  roots: object({ layer, groups: listOf(object({ root: z.string(), nodes: listOf(z.string()) })) }).optional(),
  apart: apart.optional(),
  early: z.enum(["before the effective genesis", "before the first block"]).optional(),
  lateStart: object({ epoch: wholeFrom(0), layer }).optional(),
  late: z.literal(true).optional(),
});

/** Why a network is retired, and by which watcher. */
export const Retirement = object({ at: timeText, watcher: nonEmptyText, verdict, why: nonEmptyText });
export type Retirement = Readonly<z.infer<typeof Retirement>>;

/** All that is carried from entry to entry. */
export const StateForm = object({
  /** Number of the entry with the terms that count; absent before the first. */
  terms: wholeFrom(1).optional(),
  memory: MemoryForm,
  /** Days of the simmer on which somebody visited explorer and dashboard, from 0. */
  visits: listOf(wholeFrom(0)),
  /** The verdict of the last alert, and its time in seconds since genesis. */
  alert: object({ verdict, time: seconds }).optional(),
  /** The retirement that a watcher began, or is about to begin. */
  retirement: Retirement.optional(),
  /** When the certificate was sealed: the time of the last sample that it covers. */
  certifiedAt: timeText.optional(),
});
export type State = Readonly<z.infer<typeof StateForm>>;

/** One check of a visit. */
const seen = object({ what: nonEmptyText, ok: z.boolean(), saw: z.string() });

const bodies = [
  object({ kind: z.literal("terms"), terms: Terms }),
  object({
    kind: z.literal("sample"),
    watcher: nonEmptyText,
    serial: wholeFrom(1),
    every: z.number(),
    sample: SampleForm,
    verdict,
    evidence: EvidenceForm,
  }),
  object({
    kind: z.literal("visit"),
    at: timeText,
    /** A person's remark; absent when the watcher visited. */
    note: nonEmptyText.optional(),
    day: wholeFrom(0),
    seen: listOf(seen),
  }),
  object({ kind: z.literal("alert"), at: timeText, verdict, text: nonEmptyText }),
  object({ kind: z.literal("retirement"), ...Retirement.shape }),
  object({ kind: z.literal("certificate"), at: timeText, sha256: digest }),
] as const;

const Body = z.discriminatedUnion("kind", bodies);
export type Body = Readonly<z.infer<typeof Body>>;

const LogEntry = object({
  schema: z.literal(1, "1"),
  /** Build tag. */
  tag: buildTagText,
  /** Number of the entry, from 1 without a gap. */
  number: wholeFrom(1),
  /** SHA-256 of the entry before; empty for the first. */
  previous: z.union([z.literal(""), digest]),
  body: Body,
  /** After this entry. */
  state: StateForm,
});
export type LogEntry = Readonly<z.infer<typeof LogEntry>>;

/** An entry with the digest that the next one names. */
export interface Sealed {
  readonly entry: LogEntry;
  /** SHA-256 of its text. */
  readonly sha256: string;
}

/** The text of an entry, as the store keeps it. */
export const textOfEntry = (entry: LogEntry): string => `${JSON.stringify(entry)}\n`;

/** Digits of a number in a key, so that keys sort by number. */
const DIGITS = 8;

/** What the keys of a network's log begin with. A tag that is deployed again has another genesis, and another log. */
export const logPrefix = (tag: string, genesisId: string): string => `simmer/${tag}/${genesisId.slice(0, 16)}/`;

export const entryKey = (prefix: string, number: number): string =>
  `${prefix}${`${number}`.padStart(DIGITS, "0")}.json`;

/** The number in a key of a log; undefined for other objects below the prefix, such as another spelling of a number. */
export function numberOfKey(prefix: string, key: string): number | undefined {
  const number = Number(/^(\d{1,15})\.json$/.exec(key.slice(prefix.length))?.[1]);
  return number > 0 && entryKey(prefix, number) === key ? number : undefined;
}

/** Reads a stored entry. @throws {UserError} naming what is wrong with it */
export function readEntry(key: string, text: string): Sealed {
  const { success, data, error } = LogEntry.safeParse(parsedJson(text));
  if (success) return { entry: data, sha256: sha256Of(text) };
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  throw new UserError(
    "SimmerEntryInvalid",
    `${key} is no entry of a simmer log: ${path.join(".") || "everything"} is wrong, expected ${message}.`,
    "Nobody may change the log. Deploy the release as another build, which gets a log of its own.",
  );
}

/** The error for a log that is not as it was written. @param what is wrong with an entry, as the end of a sentence */
export const entryChanged = (tag: string, number: number, what: string): UserError =>
  new UserError(
    "SimmerLogChanged",
    `Entry ${number} of the simmer log of ${tag} ${what}.`,
    "No certificate holds for this log. Deploy the release as another build, which gets a log of its own.",
  );

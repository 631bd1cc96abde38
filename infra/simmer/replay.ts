import { isDeepStrictEqual } from "node:util";
import { UserError } from "../base/lib/errors";
import { judge } from "../base/verdict/judge";
import type { Sealed, State, Terms } from "./entry";
import { EMPTY } from "./log";

/** A log that is proved down to every sample. */
export interface Replayed {
  /** Number of entries, and of the samples among them. */
  readonly entries: number;
  readonly samples: number;
  /** Digest of the last entry. */
  readonly head: string;
  readonly state: State;
  readonly terms: Terms;
}

/**
 * Judges every sample of a log again, and checks that each entry follows from the one before.
 * @throws {UserError} naming the first entry that does not
 */
export async function replay(entries: AsyncIterable<Sealed>): Promise<Replayed> {
  let [state, head, number, samples] = [EMPTY, "", 0, 0];
  let terms: Terms | undefined;
  for await (const { entry, sha256 } of entries) {
    number++;
    if (entry.number !== number) throw broken(entry.tag, number, `is missing, entry ${entry.number} follows`);
    if (entry.previous !== head)
      throw broken(entry.tag, number - 1, `was changed: entry ${number} names another digest`);
    const { body } = entry;
    let expected: State = state;
    if (body.kind === "terms") {
      terms = body.terms;
      expected = { ...state, terms: number };
    } else if (!terms) throw broken(entry.tag, number, "comes before the first terms");
    else if (body.kind === "sample") {
      samples++;
      const judged = judge(terms.network, terms.thresholds, state.memory, body);
      expected = { ...state, memory: judged.memory };
      if (body.verdict !== judged.memory.verdict)
        throw broken(entry.tag, number, `has verdict ${body.verdict}, not ${judged.memory.verdict}`);
    } else if (body.kind === "visit") expected = { ...state, visits: visited(state.visits, body.day) };
    else expected = { ...state, alert: { verdict: body.verdict, time: state.memory.time } };
    if (!isDeepStrictEqual(entry.state, expected)) throw broken(entry.tag, number, "does not follow from its sample");
    [state, head] = [entry.state, sha256];
  }
  if (!terms)
    throw new UserError(
      "SimmerLogEmpty",
      "The simmer log is empty.",
      "Watch the network with `smeshnet simmer watch`.",
    );
  return { entries: number, samples, head, state, terms };
}

/** The days with a visit, after one more. */
export const visited = (days: readonly number[], day: number): readonly number[] =>
  days.includes(day) ? days : [...days, day].sort((a, b) => a - b);

const broken = (tag: string, number: number, what: string): UserError =>
  new UserError(
    "SimmerLogChanged",
    `Entry ${number} of the simmer log of ${tag} ${what}.`,
    "No certificate holds for this log. Deploy the release as another build, which gets a log of its own.",
  );

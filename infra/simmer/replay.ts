import { isDeepStrictEqual } from "node:util";
import { UserError } from "../base/lib/errors";
import { judge } from "../base/verdict/judge";
import { entryChanged, type Sealed, type State, type Terms } from "./entry";
import { after, EMPTY } from "./state";

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
  let [state, head, number, samples]: [State, string, number, number] = [EMPTY, "", 0, 0];
  let terms: Terms | undefined;
  for await (const { entry, sha256 } of entries) {
    number++;
    if (entry.number !== number) throw entryChanged(entry.tag, number, `is missing, entry ${entry.number} follows`);
    if (entry.previous !== head)
      throw entryChanged(entry.tag, number - 1, `was changed: entry ${number} names another digest`);
    const { body } = entry;
    if (body.kind === "terms") terms = body.terms;
    if (!terms) throw entryChanged(entry.tag, number, "comes before the first terms");
    if (body.kind === "sample") {
      samples++;
      // A watcher adds each of its samples once.
      if ((state.memory.watchers[body.watcher]?.serial ?? 0) >= body.serial)
        throw entryChanged(entry.tag, number, `repeats sample ${body.serial} of watcher ${body.watcher}`);
    }
    const expected =
      body.kind === "sample"
        ? { ...state, memory: judge(terms.network, terms.thresholds, state.memory, body).memory }
        : after(state, body, number);
    if (body.kind === "sample" && body.verdict !== expected.memory.verdict)
      throw entryChanged(entry.tag, number, `has the verdict ${body.verdict}, expected ${expected.memory.verdict}`);
    if (!isDeepStrictEqual(entry.state, expected))
      throw entryChanged(entry.tag, number, "does not follow from its sample");
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

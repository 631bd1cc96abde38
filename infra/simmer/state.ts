import { NOTHING } from "../base/verdict/memory";
import type { Body, State } from "./entry";

/** The state before the first entry. */
export const EMPTY: State = { memory: NOTHING, visits: [] };

/** The state after an entry that is no sample; a judge says what follows from a sample. */
export function after(state: State, body: Exclude<Body, { readonly kind: "sample" }>, number: number): State {
  switch (body.kind) {
    case "terms":
      return { ...state, terms: number };
    case "visit":
      return { ...state, visits: visited(state.visits, body.day) };
    case "alert":
      return { ...state, alert: { verdict: body.verdict, time: state.memory.time } };
    case "certificate":
      return { ...state, certifiedAt: body.at };
    case "retirement": {
      const { kind: _, ...retirement } = body;
      return { ...state, retirement };
    }
  }
}

/** The days with a visit, after one more. */
const visited = (days: readonly number[], day: number): readonly number[] =>
  days.includes(day) ? days : [...days, day].sort((a, b) => a - b);

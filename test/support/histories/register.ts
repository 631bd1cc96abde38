/**
 * The compare-and-swap register that a channel is: `taken` is the newest generation on record, `at` the one that the
 * channel arrived at, `given` the generations that were given up.
 */
export interface Register {
  readonly taken: number;
  readonly at: number;
  readonly given: readonly number[];
}

/** An operation of a history: when it began, when it ended, and how. One that was killed has no end and may count or not. */
export interface Operation {
  readonly what: "begin" | "arrive" | "give up" | "read taken" | "read at";
  /** The generation that it is about, or that it read. */
  readonly generation: number;
  /** `ok`, or why not: another was faster, it was given up before, or it had arrived. */
  readonly result: "ok" | "overtaken" | "given up" | "arrived" | "unknown";
  readonly from: number;
  readonly to: number;
}

/** What an operation makes of the register at one moment; undefined when it cannot have happened then. */
function applied({ what, generation, result }: Operation, register: Register): Register | undefined {
  const { taken, at, given } = register;
  const isGiven = given.some((one) => one >= generation);
  const isOk = result === "ok" || result === "unknown";
  switch (what) {
    case "begin":
      if (isOk) return taken === generation - 1 ? { ...register, taken: generation } : undefined;
      return taken === generation - 1 ? undefined : register;
    case "arrive":
      if (result === "given up") return isGiven && at < generation ? register : undefined;
      if (result === "overtaken") return taken > generation ? register : undefined;
      if (at === generation) return register;
      return taken >= generation && at < generation && !isGiven ? { ...register, at: generation } : undefined;
    case "give up":
      if (result === "arrived") return at >= generation ? register : undefined;
      return at < generation && taken >= generation
        ? { ...register, given: [...new Set([...given, generation])] }
        : undefined;
    case "read taken":
      return taken === generation ? register : undefined;
    case "read at":
      return at === generation ? register : undefined;
  }
}

/**
 * Whether there is one order of all operations that keeps their real times and that the register allows (linearizable;
 * the search of Wing and Gong, 1993, with the memory of Lowe, 2017).
 */
export function isLinearizable(history: readonly Operation[]): boolean {
  const seen = new Set<string>();
  const search = (left: readonly Operation[], register: Register): boolean => {
    if (left.every(({ result }) => result === "unknown")) return true;
    const key = `${left.map((one) => history.indexOf(one)).join()} ${JSON.stringify(register)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const firstEnd = Math.min(...left.map(({ to }) => to));
    return left.some((one) => {
      if (one.from > firstEnd) return false;
      const rest = left.filter((other) => other !== one);
      const next = applied(one, register);
      return next !== undefined && search(rest, next);
    });
  };
  return search(history, { taken: 0, at: 0, given: [] });
}

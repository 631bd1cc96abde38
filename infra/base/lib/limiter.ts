/**
 * Runs acts a few at a time, in the order in which they are given.
 * @param atOnce number of acts that run at the same time
 */
export function limiter(atOnce: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (act) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next)
        next(); // its place is taken over
      else running -= 1;
    }
  };
}

/**
 * Waits for work that was begun at the same time. If several parts fail, the error of the first argument wins, so that
 * the same mistakes always give the same message.
 */
export async function together<T extends readonly unknown[]>(...work: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return Promise.all(work) as Promise<{ [K in keyof T]: Awaited<T[K]> }>;
}

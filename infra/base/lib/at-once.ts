/** Runs an act on each item, at most so many at the same time. Results are in the order of the items. */
export async function atOnce<T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const left = items.entries();
  const lane = async () => {
    for (const [i, item] of left) results[i] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, lane));
  return results;
}

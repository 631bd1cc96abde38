/** Longest time without a line, in milliseconds. */
const HEARTBEAT = 10_000;

/**
 * Waits for some work and says every ten seconds that it goes on.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {(seconds: number) => void} say takes the seconds since the start
 * @returns {Promise<T>}
 */
export async function withHeartbeat(work, say) {
  const began = Date.now();
  const timer = setInterval(() => say((Date.now() - began) / 1000), HEARTBEAT);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Ends an act when the run is interrupted or its time is over. AbortSignal.any cannot do that: Node.js 20 collects its
 * signal, and the time limit with it, while the act waits.
 * @param seconds time limit; then the signal's reason is the error `no answer in N s`
 */
export async function limited<T>(
  interrupt: AbortSignal,
  seconds: number,
  act: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  interrupt.throwIfAborted();
  const controller = new AbortController();
  const end = () => controller.abort(interrupt.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer in ${seconds} s`)), seconds * 1000);
  interrupt.addEventListener("abort", end, { once: true });
  try {
    return await act(controller.signal);
  } finally {
    clearTimeout(timer);
    interrupt.removeEventListener("abort", end);
  }
}

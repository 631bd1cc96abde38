/** Milliseconds before the second restart, which double with each one, and the most they become. */
const FIRST = 1_000;
const LONGEST = 30_000;

/** A container that ran this long, in milliseconds, starts with a clean slate. */
const RESET_AFTER = 60_000;

/**
 * How long to wait before a container is started again, in milliseconds. As in the kubelet the first restart comes at
 * once and every further one later; its times are ten times as long (kubernetes.io, "Container restart policy").
 */
export class BackOff {
  private restarts = 0;

  /** @param ran how long the container ran, in milliseconds. */
  next(ran: number): number {
    if (ran >= RESET_AFTER) this.restarts = 0;
    this.restarts += 1;
    return this.restarts === 1 ? 0 : Math.min(LONGEST, FIRST * 2 ** (this.restarts - 2));
  }
}

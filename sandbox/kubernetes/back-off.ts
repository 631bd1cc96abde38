/** Milliseconds before the second restart, and the upper limit. The time doubles with each restart. */
const FIRST = 1_000;
const LONGEST = 30_000;

/** Milliseconds after which a running container counts as healthy, so that its next restart is immediate. */
const RESET_AFTER = 60_000;

/**
 * Time to wait before a container restarts, in milliseconds. As in the kubelet, the first restart is immediate and
 * later
 * ones wait longer. The kubelet waits ten times as long (kubernetes.io, "Container restart policy").
 */
export class BackOff {
  private restarts = 0;

  /** @param ran how long the container ran, in milliseconds */
  next(ran: number): number {
    if (ran >= RESET_AFTER) this.restarts = 0;
    this.restarts += 1;
    return this.restarts === 1 ? 0 : Math.min(LONGEST, FIRST * 2 ** (this.restarts - 2));
  }
}

import { duration, secondsLeft } from "./estimate.mjs";

/** How often the running step is shown, in ms: on a terminal its line is rewritten, elsewhere a line is added. */
const TERMINAL = 500;
const ELSEWHERE = 15_000;

/**
 * Where set-up is.
 * @typedef {object} State
 * @property {number} step from 1
 * @property {number} steps
 * @property {string} label e.g. "etcd 3.6.8"
 * @property {string} action e.g. "building" or "built in 28 s"
 * @property {string} [detail] e.g. "210 of at most 480 packages"
 * @property {number} [seconds] that the step has taken so far
 * @property {number} left seconds, by estimate
 */

/**
 * One line that says where set-up is.
 * @param {State} state
 */
export function progressLine({ step, steps, label, action, detail, seconds, left }) {
  const doing = [action, detail, seconds !== undefined && duration(seconds)].filter(Boolean).join(", ");
  const rest = left >= 1 ? `; about ${duration(left)} left` : "";
  return `[${step}/${steps}] ${label}: ${doing}${rest}`;
}

/** Shows how far a plan of steps is. Whether it is a terminal decides about rewriting; there are no colours. */
export class Progress {
  /**
   * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} out
   * @param {readonly number[]} expected seconds of each step
   */
  constructor(out, expected) {
    this.out = out;
    this.expected = expected;
    /** @type {number[]} */
    this.taken = [];
    this.started = Date.now();
    this.label = "";
    this.action = "";
    /** @type {string | undefined} */
    this.detail = undefined;
  }

  /**
   * Begins the next step.
   * @param {string} label
   */
  begin(label) {
    this.label = label;
    this.started = Date.now();
    this.timer = setInterval(() => this.#beat(), this.out.isTTY ? TERMINAL : ELSEWHERE);
  }

  /**
   * Says what the running step does now.
   * @param {string} action
   */
  doing(action) {
    this.action = action;
    this.detail = undefined;
    if (this.out.isTTY) this.#beat();
    else this.say(this.#line({ action }));
  }

  /**
   * Says how far the running action is; shown with the next beat.
   * @param {string} detail
   */
  reached(detail) {
    this.detail = detail;
  }

  /**
   * Ends the running step.
   * @param {string} how e.g. "built"
   */
  done(how) {
    clearInterval(this.timer);
    const seconds = this.#seconds();
    const step = this.taken.length + 1;
    this.taken.push(seconds);
    const left = secondsLeft(this.expected, this.taken, 0);
    this.say(progressLine({ ...this.#place(), step, action: `${how} in ${duration(seconds)}`, left }));
  }

  /** Ends the showing, whatever the running step does. */
  stop() {
    clearInterval(this.timer);
    if (this.out.isTTY) this.out.write("\r\x1b[K");
  }

  /**
   * Writes a line of its own.
   * @param {string} text
   */
  say(text) {
    this.out.write(`${this.out.isTTY ? "\r\x1b[K" : ""}${text}\n`);
  }

  #beat() {
    const line = this.#line({ action: this.action, detail: this.detail, seconds: this.#seconds() });
    if (this.out.isTTY) this.out.write(`\r\x1b[K${line.slice(0, (this.out.columns ?? 80) - 1)}`);
    else this.say(line);
  }

  /** @param {Pick<State, "action" | "detail" | "seconds">} what */
  #line(what) {
    const left = secondsLeft(this.expected, this.taken, this.#seconds());
    return progressLine({ ...this.#place(), ...what, left });
  }

  #place() {
    return { step: this.taken.length + 1, steps: this.expected.length, label: this.label };
  }

  #seconds() {
    return (Date.now() - this.started) / 1000;
  }
}

import type { WatchedNetwork } from "./network";

/**
 * Who reads it: `page` wakes somebody up, because the network does not work. A `ticket` waits for the morning, because
 * a part of it does not.
 */
export type Severity = "page" | "ticket";

/** A rule that watches a network. */
export interface Alert {
  /** PascalCase. Messages and silences name it, so it is a contract. */
  readonly name: string;
  readonly severity: Severity;
  /** Seconds for which the expression must hold. */
  readonly after: number;
  /** PromQL; it holds for each series that it returns. */
  readonly expression: string;
  /** One line, without a full stop. It may use labels: `{{ $labels.instance }}`. */
  readonly summary: string;
  /** What it means and what to do. */
  readonly description: string;
}

/** An expression that holds only from a time on. @param time in seconds since 1970 */
export const from = (time: number, expression: string): string =>
  `(${expression}) and on () (vector(time()) >= ${time})`;

/** Seconds as a duration of PromQL. */
export const seconds = (count: number): string => `${Math.ceil(count)}s`;

/** The command that shows pods of the network, for descriptions. */
export const kubectl = ({ tag, driver }: WatchedNetwork, command: string): string =>
  driver === "kubernetes" ? `kubectl -n ${labelOf(tag)} ${command}` : `kubectl ${command}`;

const labelOf = (tag: string): string => tag.replace(/[.+]/g, "-");

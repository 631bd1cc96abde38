import { visible, visibleJson } from "../infra/base/lib/visible";

/** Takes one event: what happened, and with what. */
export type Log = (event: string, facts?: Readonly<Record<string, string | number | undefined>>) => void;

/** Writes events to standard output, one JSON document a line. This and {@link print} are the tap's only door. */
export const log: Log = (event, facts = {}) =>
  void process.stdout.write(`${visibleJson({ time: new Date().toISOString(), event, ...facts })}\n`);

/** Writes a text for people. */
export const print = (text: string): void => void process.stdout.write(`${visible(text)}\n`);

/** Writes an error for people. */
export const complain = (text: string): void => void process.stderr.write(`${visible(text)}\n`);

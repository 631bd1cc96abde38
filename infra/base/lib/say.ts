import { visibleMessage } from "./visible";

/** Writes one line of progress for people to standard error. Control characters of others in it are shown as what they are. */
export const say = (line: string): void => void process.stderr.write(`${visibleMessage(line)}\n`);

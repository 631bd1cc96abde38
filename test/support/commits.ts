import { type LoggedCommit, type ReadCommit, readCommits } from "../../infra/prepare/commits";

/** A commit of a test: its message, and perhaps its name and parents. */
export type Message = string | ({ readonly message: string } & Partial<Pick<LoggedCommit, "hash" | "parents">>);

/** Reads messages as a log, newest first. Each commit is the parent of the one before it. */
export function logOf(...messages: readonly Message[]): Promise<ReadCommit[]> {
  const name = (index: number) => String(messages.length - index).padStart(40, "0");
  return readCommits(
    messages.map((one, index) => {
      const { message, ...more } = typeof one === "string" ? { message: one } : one;
      const [subject = "", ...body] = message.split("\n");
      return { hash: name(index), parents: [name(index + 1)], subject, body: body.join("\n").trimStart(), ...more };
    }),
  );
}

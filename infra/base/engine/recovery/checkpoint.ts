import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { UserError } from "../../lib/errors";
import { parsedJson } from "../../lib/json";
import { deploymentState, type Exported } from "../state";
import type { BackendFiles, Version } from "./files";

/** Where a backend keeps a stack. Backends from before Pulumi 3.61 have no projects. */
export interface StackPlace {
  /** Folder of its locks. */
  readonly locks: string;
  readonly state: string;
}

/** Folders in which a stack's locks may be. */
export const lockFolders = (project: string, stack: string): readonly string[] => [
  `locks/organization/${project}/${stack}`,
  `locks/${stack}`,
];

/** The places at which a stack may be, as the engine looks for them (Pulumi's backend/diy/store.go). */
function places(project: string, stack: string): StackPlace[] {
  const states = [`stacks/${project}/${stack}`, `stacks/${stack}`];
  return lockFolders(project, stack).flatMap((locks, i) =>
    [".json", ".json.gz"].map((ending) => ({ locks, state: `${states[i]}${ending}` })),
  );
}

/** Finds a stack; undefined when the backend has none of this name, or keeps it in a form that we do not write. */
export async function findStack(files: BackendFiles, project: string, stack: string): Promise<StackPlace | undefined> {
  for (const place of places(project, stack)) if (await files.read(place.state)) return place;
  return undefined;
}

/** A state in the form in which a backend keeps it. Older ones than version 3 are converted by any update. */
const Checkpoint = z.looseObject({
  version: z.union([z.literal(3), z.literal(4)]),
  checkpoint: z.looseObject({ latest: deploymentState.nullish() }),
});

/** A stack's state as it was read, and how to write it back. */
export interface StoredState {
  readonly state: Exported;
  /** The same file with another state. */
  readonly bytesWith: (state: Exported) => Buffer;
}

/** Reads a state. @throws {UserError} when its form is unknown */
export function readCheckpoint(stack: string, { bytes }: Version): StoredState {
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isZipped ? gunzipSync(bytes) : bytes).toString("utf8");
  const { success, data } = Checkpoint.safeParse(parsedJson(text));
  if (!success)
    throw new UserError(
      "StateUnreadable",
      `The state of stack ${stack} cannot be read (its form is unknown).`,
      `Check it with \`pulumi stack export --stack ${stack}\`.`,
    );
  return {
    state: { deployment: data.checkpoint.latest ?? {} },
    bytesWith({ deployment }) {
      const whole = Buffer.from(JSON.stringify({ ...data, checkpoint: { ...data.checkpoint, latest: deployment } }));
      return isZipped ? gzipSync(whole) : whole;
    },
  };
}

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { folderOf, isService, openBackend } from "../base/engine/recovery/backend-files";
import { listStacks } from "../base/engine/state";
import { boundedTextFile, LIMITS } from "../base/lib/bounded";
import { parsedJson } from "../base/lib/json";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

const NAME = "backend";

type Environment = Readonly<Record<string, string | undefined>>;

const Login = z.object({ current: z.string().min(1) });

/**
 * Where Pulumi keeps its states: PULUMI_BACKEND_URL, or where the CLI is logged in. The file of the login is read, and
 * not `pulumi whoami`, since that opens the backend and thereby writes into an empty one.
 */
export async function chosenBackend({
  PULUMI_BACKEND_URL,
  PULUMI_CREDENTIALS_PATH,
  PULUMI_HOME,
  HOME,
}: Environment): Promise<string | undefined> {
  if (PULUMI_BACKEND_URL) return PULUMI_BACKEND_URL;
  const folder = PULUMI_CREDENTIALS_PATH || PULUMI_HOME || join(HOME || homedir(), ".pulumi");
  const text = await boundedTextFile(join(folder, "credentials.json"), LIMITS.small).catch(() => "");
  return Login.safeParse(parsedJson(text)).data?.current;
}

/** The questions to the backend of the states. */
export const backendCheck = (backend: string | undefined): Check => ({
  name: NAME,
  async ask(signal) {
    if (backend === undefined) return found(NONE);
    if (backend.startsWith("file:")) return found(...(await folderFindings(backend)));
    const place = placeOf(backend);
    if (isService(backend)) {
      const stacks = await listStacks({ signal });
      return found(ok(NAME, `${place} answers and lists ${stacks.length} stacks of this project`, WRITES));
    }
    const files = openBackend(backend);
    if (!files) return found(warn(NAME, `we have no client for ${place}`, "Try it with `pulumi stack ls`"));
    await files.locks("locks");
    return found(ok(NAME, `${place} can be listed`, WRITES));
  },
});

const NONE = fail(
  NAME,
  "PULUMI_BACKEND_URL is not set, and Pulumi is not logged in to a backend",
  "Set PULUMI_BACKEND_URL, or run `pulumi login`",
);

const WRITES = "that states can be written";

/** A backend as a line names it. The query of a bucket may hold what gives rights. */
const placeOf = (url: string): string => url.split("?", 1)[0] ?? url;

async function folderFindings(backend: string): Promise<Finding[]> {
  const folder = folderOf(backend);
  const state = await stateOf(folder);
  return judgeFolder(backend, folder, state);
}

type FolderState = "missing" | "no folder" | "closed" | "open";

async function stateOf(folder: string): Promise<FolderState> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return "missing";
  if (!found.isDirectory()) return "no folder";
  const { R_OK, W_OK, X_OK } = constants;
  return access(folder, R_OK | W_OK | X_OK).then(
    () => "open" as const,
    () => "closed" as const,
  );
}

/** Judges a backend that is a folder of this machine. */
export function judgeFolder(backend: string, folder: string, state: FolderState): Finding[] {
  if (state === "missing") return [fail(NAME, `the folder ${folder} does not exist`, `Run \`mkdir -p ${folder}\``)];
  if (state === "no folder") return [fail(NAME, `${folder} is no folder`, "Name a folder in PULUMI_BACKEND_URL")];
  if (state === "closed")
    return [fail(NAME, `the folder ${folder} cannot be read and written`, "Check its permissions")];
  const query = new URLSearchParams(backend.split("?", 2)[1] ?? "");
  const one = ok(NAME, `the folder ${folder} can be read and written; only this machine has it`);
  if (query.get("metadata") === "skip") return [one];
  // docs/operating.md: a state is then two files, and a reader in between fails with EOF.
  const what = "each state is written as two files, and a reader in between fails with EOF";
  return [one, warn(NAME, what, `Set PULUMI_BACKEND_URL to file://${folder}?metadata=skip`)];
}

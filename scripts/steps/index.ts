import type { Step } from "../../infra/base/cli/step";
import { shown, UserError } from "../../infra/base/lib/errors";

/** Whether a step leaves its network as it is, or waits for the stack's lock before it acts. */
interface Entry {
  readonly harmless?: true;
  readonly load: () => Promise<{ readonly step: Step }>;
}

/**
 * The only list of steps. Names and words are contracts, since the state of every stack holds its command lines: a
 * destroy of an old network runs `step guard`, `step archive collect`, `step network down` and `step history close`.
 */
export const STEPS = {
  announce: { load: () => import("./announce.js") },
  archive: { load: () => import("./archive.js") },
  branch: { load: () => import("./branch.js") },
  channel: { load: () => import("./channel.js") },
  complete: { harmless: true, load: () => import("./complete.js") },
  credential: { harmless: true, load: () => import("./credential.js") },
  discovery: { load: () => import("./discovery.js") },
  dns: { load: () => import("./dns.js") },
  explorer: { load: () => import("./explorer.js") },
  gateway: { load: () => import("./gateway.js") },
  guard: { harmless: true, load: () => import("./guard.js") },
  history: { load: () => import("./history.js") },
  monitoring: { load: () => import("./monitoring.js") },
  network: { load: () => import("./network.js") },
  page: { load: () => import("./page.js") },
  poet: { load: () => import("./poet.js") },
  smoke: { load: () => import("./smoke.js") },
} as const satisfies Readonly<Record<string, Entry>>;

/** Loads a step by its name. @throws {UserError} when there is no such step */
export async function loadStep(name: string): Promise<Step> {
  if (Object.hasOwn(STEPS, name)) return (await STEPS[name as keyof typeof STEPS].load()).step;
  throw new UserError(
    "StepUnknown",
    `${shown(name)} is not a step of a stack.`,
    "Steps are run by the engine; run `smeshnet` for the commands that people run.",
    2,
  );
}

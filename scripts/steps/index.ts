import type { Step } from "../../infra/base/cli/step";
import { shown, UserError } from "../../infra/base/lib/errors";
import { OF_CLUSTERS, OF_STATES, OF_STORE, type SecretGroup } from "../../infra/base/lib/secrets";

interface Entry {
  /** Whether it leaves its network as it is, or waits for the stack's lock before it acts. */
  readonly harmless?: true;
  /** The secrets that it needs. All others leave its environment before its code is loaded. */
  readonly secrets: readonly SecretGroup[];
  readonly load: () => Promise<{ readonly step: Step }>;
}

/**
 * The only list of steps. Names and words are contracts, since the state of every stack holds its command lines: a
 * destroy of an old network runs `step guard`, `step archive collect`, `step network down` and `step history close`.
 */
export const STEPS = {
  announce: { secrets: [...OF_STORE, "discord"], load: () => import("./announce.js") },
  archive: {
    secrets: [...OF_STORE, ...OF_CLUSTERS, ...OF_STATES, "kubeconfig", "printed"],
    load: () => import("./archive.js"),
  },
  branch: { secrets: ["git", "github", "printed"], load: () => import("./branch.js") },
  channel: { secrets: [], load: () => import("./channel.js") },
  complete: { harmless: true, secrets: OF_STATES, load: () => import("./complete.js") },
  credential: { harmless: true, secrets: OF_CLUSTERS, load: () => import("./credential.js") },
  discovery: { secrets: [], load: () => import("./discovery.js") },
  dns: { secrets: [], load: () => import("./dns.js") },
  explorer: { secrets: [...OF_CLUSTERS, "kubeconfig"], load: () => import("./explorer.js") },
  gateway: { secrets: [...OF_STORE, ...OF_CLUSTERS, "kubeconfig"], load: () => import("./gateway.js") },
  guard: { harmless: true, secrets: [...OF_STORE, "cloudflareDns"], load: () => import("./guard.js") },
  history: {
    secrets: [...OF_STORE, ...OF_CLUSTERS, "cloudflareDns", "cloudflareKv", "printed"],
    load: () => import("./history.js"),
  },
  monitoring: { secrets: [...OF_CLUSTERS, "kubeconfig", "discord", "metrics"], load: () => import("./monitoring.js") },
  network: { secrets: [...OF_STORE, ...OF_CLUSTERS], load: () => import("./network.js") },
  page: { secrets: [], load: () => import("./page.js") },
  poet: { secrets: [...OF_CLUSTERS, "kubeconfig"], load: () => import("./poet.js") },
  smoke: { secrets: [...OF_CLUSTERS, "kubeconfig"], load: () => import("./smoke.js") },
} as const satisfies Readonly<Record<string, Entry>>;

/** A step by its name. @throws {UserError} when there is no such step */
export function stepCalled(name: string): Entry {
  if (Object.hasOwn(STEPS, name)) return STEPS[name as keyof typeof STEPS];
  throw new UserError(
    "StepUnknown",
    `${shown(name)} is not a step of a stack.`,
    "Steps are run by the engine; run `smeshnet` for the commands that people run.",
    2,
  );
}

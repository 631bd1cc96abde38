import { filled, type Network, type Step } from "./graph";
import { Refusal } from "./public";
import type { Process } from "./time";
import type { World } from "./world";

/** What a provider says when it gives up; the engine shows it as one line. */
export class ProviderError extends Error {}

/** How often the official providers try again what a server could not do just now. */
const TRIES = 3;
/** Seconds between two tries, and until an answer is given up. */
const PAUSE = 2;
const NO_ANSWER = 30;

/** Makes a resource that is not one of our commands, as its provider does. */
export async function makeResource(
  step: Step,
  network: Network | undefined,
  world: World,
  process: Process,
): Promise<unknown> {
  if (step.type.startsWith("kubernetes:")) return inCluster(step, network, world, process);
  if (step.type.startsWith("cloudflare:")) return atCloudflare(step, network, world, process);
  return undefined; // components, providers and references are made by being registered
}

/** Server-side apply: an object that is there already is taken over. */
async function inCluster(step: Step, network: Network | undefined, world: World, process: Process): Promise<void> {
  const { faults, cloud } = world;
  const kind = step.type.split(":").at(-1);
  for (let attempt = 1; ; attempt++) {
    await process.sleep(1);
    try {
      const cluster = cloud.api(network?.kubeconfig ?? "");
      if (faults.strikes("API server drops a request", true)) throw new Error("EOF");
      if (kind === "ConfigMap" && step.name === "page") world.pageInCluster = dataOf(step)["index.html"] ?? "";
      const key = `${kind} ${step.name}`;
      if (!cluster.ours.has(key)) cluster.ours.set(key, process.now());
      break;
    } catch (error) {
      if (attempt === TRIES) throw new ProviderError(`${step.name} was not created: ${(error as Error).message}`);
    }
  }
  if (kind !== "Deployment") return;
  if (faults.strikes("pod never ready", true)) {
    await process.sleep(120);
    throw new ProviderError(`${step.name} was not ready in time: Minimum number of Pods to consider is not live`);
  }
  await process.sleep(10);
}

async function atCloudflare(
  step: Step,
  network: Network | undefined,
  world: World,
  process: Process,
): Promise<unknown> {
  const { faults } = world;
  for (let attempt = 1; ; attempt++) {
    await process.sleep(0.5);
    try {
      for (const status of [429, 500, 403] as const) {
        if (faults.strikes(`Cloudflare answers ${status}`, true)) throw new Refusal(status);
      }
      const made = keep(step, network, world);
      if (!faults.strikes("Cloudflare loses its answer", true)) return made;
      await process.sleep(NO_ANSWER);
      throw new Refusal(504);
    } catch (error) {
      const { status, message } = error as Refusal;
      const again = status === 429 || status >= 500;
      if (!again || attempt === TRIES) throw new ProviderError(`${step.name} was not created: ${message}`);
      await process.sleep(PAUSE);
    }
  }
}

function keep({ type, inputs }: Step, network: Network | undefined, { outside }: World): unknown {
  const text = (name: string) => String(inputs[name] ?? "");
  if (type.endsWith(":DnsRecord")) {
    const [name, kind, content, comment] = [text("name"), text("type"), text("content"), text("comment")];
    return outside.addRecord({ name, type: kind, content, comment });
  }
  const key = text("keyName");
  const whole = key.startsWith("page:") || !network; // its digest is an input elsewhere, so it stays as it is
  outside.put(key, whole ? text("value") : filled(text("value"), network));
  return key;
}

const dataOf = ({ inputs }: Step): Record<string, string> => (inputs.data ?? {}) as Record<string, string>;

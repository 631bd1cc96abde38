import { execFile } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { MessageFile } from "./discord/messages";
import { setFault } from "./fault";
import { type Driver, driverOf, places, requireWorld, SandboxError } from "./home";
import { loopbackOf } from "./kubernetes/address-plan";
import { networkOf } from "./network";

const run = promisify(execFile);

/** Milliseconds within which targets answer and messages arrive, where a layer takes a few seconds. */
const PATIENCE = 60_000;
/** Milliseconds between two looks at Prometheus, which tells nobody by itself. */
const LOOK_EVERY = 500;

/** A fault, and the alert that it must fire. Without a stall to see, the era's alerts are about programs alone. */
interface Break {
  readonly fault: string;
  readonly on: string;
  readonly off: string;
  readonly alert: string;
  /** What the message says. */
  readonly says: string;
}

const BREAKS: Readonly<Record<Driver, Break>> = {
  kubernetes: { fault: "stall", on: "true", off: "false", alert: "NetworkStalled", says: "The network stalled" },
  spacecraft: {
    ...{ fault: "deaf", on: '["miner-1"]', off: "[]" },
    ...{ alert: "TargetDown", says: "miner-1 does not answer" },
  },
};

/** A program that Prometheus asks. */
export interface WatchedTarget {
  readonly job: string;
  readonly instance: string;
  /** `up`, `down`, or `unknown` before the first answer. */
  readonly health: string;
}

/** A message in Discord, as its reader sees it. */
export interface Message {
  readonly title: string;
  readonly description: string;
}

const Services = z.object({
  items: z.tuple([z.object({ spec: z.object({ clusterIP: z.ipv4() }) })]).rest(z.unknown()),
});
const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.object({ job: z.string(), instance: z.string() }), health: z.string() }),
    ),
  }),
});
const Firing = z.object({
  data: z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })) }),
});
const Received = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ state: z.string() }),
    receivers: z.array(z.object({ name: z.string() })),
  }),
);
const Series = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const Embeds = z.array(z.object({ title: z.string().default(""), description: z.string().default("") }));

/** The monitoring of one network of the sandbox. */
export class NetworkMonitoring {
  private constructor(
    /** Where Prometheus answers. */
    readonly prometheus: string,
    private readonly alertmanager: string,
  ) {}

  /** @param env variables of the sandbox */
  static async of(home: string, tag: string, env: NodeJS.ProcessEnv): Promise<NetworkMonitoring> {
    const urlOf = async (name: string, port: number) => {
      const args = ["get", "services", "-l", `app.kubernetes.io/name=${name}`, "-o", "json"];
      const { stdout } = await run("kubectl", args, { env: { ...env, KUBECONFIG: networkOf(home, tag).kubeconfig() } });
      const { success, data } = Services.safeParse(JSON.parse(stdout));
      if (!success) throw new SandboxError(`Network ${tag} has no Service ${name}. Was it deployed with monitoring?`);
      return `http://${loopbackOf(data.items[0].spec.clusterIP)}:${port}`;
    };
    return new NetworkMonitoring(await urlOf("prometheus", 9090), await urlOf("alertmanager", 9093));
  }

  /**
   * All targets, once each is up.
   * @throws {SandboxError} with those that are not within a minute
   */
  async targets(): Promise<readonly WatchedTarget[]> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const { data } = Targets.parse(await json(`${this.prometheus}/api/v1/targets?state=active`));
      const targets = data.activeTargets.map(({ labels, health }) => ({ ...labels, health }));
      const others = targets.filter(({ health }) => health !== "up");
      if (targets.length > 0 && others.length === 0) return targets;
      if (Date.now() > end)
        throw new SandboxError(
          `Prometheus sees these targets not up: ${others.map(({ instance, health }) => `${instance} (${health})`).join(", ")}.`,
        );
      await sleep(LOOK_EVERY);
    }
  }

  /** The values of an expression's series now. */
  async values(expression: string): Promise<readonly number[]> {
    const asked = `${this.prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`;
    return Series.parse(await json(asked)).data.result.map(({ value: [, text] }) => Number(text));
  }

  /** How both programs see an alert now, a line each. */
  async seen(alert: string): Promise<readonly string[]> {
    const { alerts } = Firing.parse(await json(`${this.prometheus}/api/v1/alerts`)).data;
    const received = Received.parse(await json(`${this.alertmanager}/api/v2/alerts`));
    const named = ({ labels }: { readonly labels: Readonly<Record<string, string>> }) => labels.alertname === alert;
    return [
      ...alerts.filter(named).map(({ state }) => `Prometheus     ${alert}: ${state}`),
      ...received
        .filter(named)
        .map(
          ({ status, receivers }) =>
            `Alertmanager   ${alert}: ${status.state}, for ${receivers.map(({ name }) => name).join(", ")}`,
        ),
    ];
  }
}

/** The messages in the sandbox's Discord from now on. */
export class ComingMessages {
  private readonly folder: string;
  private readonly before: number;

  constructor(home: string) {
    this.folder = places(home).discord;
    this.before = new MessageFile(this.folder).messages.length;
  }

  /** The message with such a title that says something, once it is there. @throws {SandboxError} when none comes */
  async about(title: string, says: string): Promise<Message> {
    const changes = watch(this.folder);
    const late = AbortSignal.timeout(PATIENCE);
    try {
      for (;;) {
        const found = this.embeds().find((one) => one.title.includes(title) && one.description.includes(says));
        if (found) return found;
        await once(changes, "change", { signal: late });
      }
    } catch (error) {
      if (!late.aborted) throw error;
      throw new SandboxError(
        `No message "${title}" about "${says}" came within ${PATIENCE / 1000} s. Read \`kubectl logs deploy/alertmanager\`.`,
      );
    } finally {
      changes.close();
    }
  }

  private embeds(): readonly Message[] {
    const { messages } = new MessageFile(this.folder);
    return messages.slice(this.before).flatMap(({ embeds }) => Embeds.parse(embeds));
  }
}

/**
 * Shows the targets of a network's Prometheus. Then it breaks the network, shows the alert and its message, takes the
 * fault back and shows the message that it is over.
 */
export async function showMonitoring(
  home: string,
  tag: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const monitoring = await NetworkMonitoring.of(home, tag, env);
  const head = { job: "job", instance: "target", health: "health" };
  for (const { job, instance, health } of [head, ...(await monitoring.targets())])
    say(`  ${job.padEnd(10)} ${instance.padEnd(10)} ${health}`);
  say(`Prometheus answers at ${monitoring.prometheus}`);
  const { fault, on, off, alert, says } = BREAKS[driverOf(requireWorld(home))];
  const messages = new ComingMessages(home);
  say(`\nnpm run sandbox -- fault ${tag} ${fault} '${on}'`);
  try {
    await setFault(home, [tag, fault, on]);
    const firing = await messages.about("firing", says);
    for (const line of await monitoring.seen(alert)) say(line);
    sayMessage(firing);
  } finally {
    say(`\nnpm run sandbox -- fault ${tag} ${fault} '${off}'`);
    await setFault(home, [tag, fault, off]);
  }
  sayMessage(await messages.about("resolved", `over: ${says}`));

  function sayMessage({ title, description }: Message): void {
    say(`Discord        ${title}`);
    for (const line of description.trim().split("\n")) say(`               ${line}`);
  }
}

async function json(url: string): Promise<unknown> {
  const answer = await fetch(url);
  if (!answer.ok) throw new SandboxError(`${url} answers ${answer.status}.`);
  return answer.json();
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { clusterApi } from "../infra/base/clients/kubernetes/client";
import { channelEndpoints, type Endpoints } from "../infra/base/model/endpoints";
import type { NetworkFacts } from "../infra/base/model/network-facts";
import { requireWorld } from "../sandbox/home";
import { callsOf, type KnownNetwork, poetKeyAt } from "./calls";
import { type Pods, podsOf, restartedPods } from "./changes";
import { run } from "./channel-command";
import { stubResolver } from "./names";
import { CHANNEL, type Moves, WHY } from "./promote";
import { stackOf } from "./release";
import { Tally } from "./tally";
import { Traffic } from "./traffic";

// The clients of a channel, in a process of their own: Node.js reads which certificates count when it starts, and the
// sandbox's are there only when the sandbox is up. Arguments: folder of the sandbox, requests a second. Sends its figures to its parent.

/** Seconds to wait after a move, a little longer than the caches' time to live. */
const AFTERMATH = 3;

async function moves(home: string, rate: number, say: (line: string) => void): Promise<Moves> {
  const [older, newer] = await Promise.all([networkOf(home, "1_2_2_1"), networkOf(home, "1_2_3_1")]);
  const { ports, zone, publicPort, tls } = requireWorld(home);
  const names = { zone, subdomain: "net", tls: tls !== undefined, port: tls?.port ?? publicPort };
  const endpoints = channelEndpoints(CHANNEL, 1, names);
  const calls = callsOf(endpoints);
  const resolve = stubResolver(`127.0.0.1:${ports.dns}`);
  const { ttl } = await resolve(endpoints.apiHost);
  const tallyOf = (from: KnownNetwork, to: KnownNetwork) =>
    new Tally({
      from: from.tag,
      to: to.tag,
      startedAt: Date.now(),
      ttl,
      services: calls.all.map(({ service }) => service),
    });
  const traffic = new Traffic({ rate, calls, networks: [older, newer], resolve }, tallyOf(older, newer));

  const move = async (from: KnownNetwork, to: KnownNetwork, ...args: string[]) => {
    const before = await podsNow(home);
    const tally = tallyOf(from, to);
    traffic.countIn(tally);
    const done = await run(home, say, ...args);
    say(`${CHANNEL} is at ${to.tag}; its clients' caches hold ${ttl} s more`);
    await delay((ttl + AFTERMATH) * 1000);
    const restarted = restartedPods(before, await podsNow(home));
    return () => ({ ...done, restarted, ...tally.figures() });
  };
  traffic.start();
  try {
    await delay(AFTERMATH * 1000); // connections and caches get into a steady state
    const promotion = await move(older, newer, "promote", "v1.2.3");
    const demotion = await move(newer, older, "demote", "--reason", WHY);
    await traffic.stop();
    return { promotion: promotion(), demotion: demotion() };
  } finally {
    await traffic.stop();
  }
}

/** The values that identify a network, from its stack and its own names. */
async function networkOf(home: string, stack: string): Promise<KnownNetwork> {
  const outputs = await (await stackOf(home, stack)).outputs();
  const value = <T>(name: string): T => outputs[name]?.value as T;
  const address = value<string>("address");
  const poetKey = await poetKeyAt(value<Endpoints>("endpoints").poets[0] as string, address);
  return { tag: value("tag"), address, genesisId: value("genesisId"), facts: value<NetworkFacts>("facts"), poetKey };
}

/** The pods of both networks. */
async function podsNow(home: string): Promise<Pods> {
  const pods = ["v1-2-2-1", "v1-2-3-1"].map((cluster) =>
    podsOf(clusterApi(readFileSync(join(home, "clusters", cluster, "kubeconfig"), "utf8"))),
  );
  return Object.assign({}, ...(await Promise.all(pods))) as Pods;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

moves(process.argv[2] ?? "", Number(process.argv[3]), say).then(
  (figures) => process.send?.(figures, () => process.exit()),
  (error: Error) => {
    say(error.stack ?? error.message);
    process.exit(1);
  },
);

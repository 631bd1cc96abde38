import { UserError } from "../../infra/base/lib/errors";
import { type Claim, claimOf, type SpacecraftCommand } from "../../infra/deploy/network/spacecraft/cli";
import type { Cloud, Cluster } from "./cloud";
import { namesOf } from "./objects";
import type { Process } from "./time";

/** Ends the program without a word of success, its error as its last line. */
class Stopped extends Error {}

/**
 * go-spacecraft as a process: its steps in their order, its lines, its exit code 0 whatever happens, and no end where
 * it hangs. Who runs it ends it after the time limit, or when interrupted, as infra/base/lib/exec.ts does.
 */
export async function spacecraft(
  command: SpacecraftCommand,
  cloud: Cloud,
  process: Process,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<Claim> {
  if (cloud.faults.get("go-spacecraft is called wrongly")) {
    await process.sleep(0.1);
    throw new UserError(
      "ProgramFailed",
      `go-spacecraft ${command} was called wrongly: unknown flag: --config.`,
      "Install the configured version.",
    );
  }
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    onLine(line);
  };
  const program = command === "createNetwork" ? createNetwork(cloud, process, say) : deleteNetwork(cloud, process, say);
  await Promise.race([program, limited(command, process, cloud.spec.timeout, signal)]).catch((error) => {
    process.kill();
    if (!(error instanceof Stopped)) throw error;
    say(error.message);
  });
  process.kill(); // the watch over it
  return claimOf(command, lines);
}

async function limited(command: string, process: Process, seconds: number, signal: AbortSignal): Promise<void> {
  await process.sleep(seconds, signal).catch(() => {
    throw new UserError("ProgramFailed", `go-spacecraft ${command} was interrupted.`, "Run the command again.");
  });
  throw new UserError(
    "ProgramFailed",
    `go-spacecraft ${command} took longer than ${seconds} s and was ended.`,
    "Run it again.",
  );
}

async function createNetwork(cloud: Cloud, process: Process, say: (line: string) => void): Promise<void> {
  const { faults, spec } = cloud;
  const step = async (name: string) => {
    if (faults.get("go-spacecraft fails")?.part === name) throw new Stopped(`rpc error: ${name} cannot be made`);
    if (faults.get("go-spacecraft hangs")?.part === name) await new Promise(() => undefined);
  };
  const lie = faults.get("go-spacecraft lies")?.part;
  await process.sleep(1);
  if (lie === "nothing") return say("network created successfully");
  if (faults.strikes("somebody else is faster") && !cloud.cluster) cloud.begin({ foreign: true });
  if (cloud.cluster) throw new Stopped("cluster already exists");
  say("creating k8s cluster");
  await step("cluster");
  const cluster = cloud.begin();
  await process.sleep(2);
  say("created k8s cluster");
  while (cloud.status(cluster) !== "RUNNING" && cloud.status(cluster) !== "RECONCILING") {
    await process.sleep(10); // for ever, when it comes to nothing
    if (cloud.cluster !== cluster) throw new Stopped("rpc error: code = NotFound");
    say(`current k8s cluster status:  ${cloud.status(cluster)}`);
  }
  say("k8s cluster is ready");
  await step("config");
  cluster.genesisTime = `${new Date(process.now() + spec.genesisDelay * 60_000).toISOString().slice(0, 19)}Z`;
  for (const name of namesOf(spec)) {
    if (name === "miner-3") await step("miner");
    if (name === "poet-2") await step("poet");
    if (lie === "half" && name === `miner-${spec.miners}`) return say("network created successfully");
    await deploy(name, cloud, cluster, process, say);
  }
  await step("start");
  await process.sleep(1);
  await step("bucket");
  say("network created successfully");
}

async function deploy(
  name: string,
  cloud: Cloud,
  cluster: Cluster,
  process: Process,
  say: (line: string) => void,
): Promise<void> {
  if (cloud.cluster !== cluster) throw new Stopped("dial tcp: connection refused");
  say(`creating ${name} deployment`);
  cluster.made.set(name, { ready: false, service: false });
  await process.sleep(5);
  if (name === "miner-2" && cloud.faults.get("miner never ready")?.part === "at once") {
    await new Promise(() => undefined);
  }
  cluster.made.set(name, { ready: true, service: false });
  say(`finished ${name} deployment`);
  await process.sleep(1);
  cluster.made.set(name, { ready: true, service: true });
  say(`created ${name} service`);
}

async function deleteNetwork(cloud: Cloud, process: Process, say: (line: string) => void): Promise<void> {
  await process.sleep(1);
  const { cluster } = cloud;
  if (!cluster) throw new Stopped("rpc error: code = NotFound");
  if (cloud.faults.get("go-spacecraft cannot delete")) throw new Stopped("rpc error: code = PermissionDenied");
  try {
    cloud.remove(cluster);
  } catch (error) {
    throw new Stopped(`rpc error: ${(error as Error).message}`);
  }
  say("started deleting cluster");
  while (cloud.cluster === cluster) await process.sleep(10);
  say("cluster deleted");
  say("network deleted successfully");
}

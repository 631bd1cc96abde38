// Runs the nodes of its one argument, a list of containers as JSON, and reports when all listen.
import { setTimeout as pause } from "node:timers/promises";
import { todayNode } from "../../sandbox/chain/today/node";
import type { ContainerContext } from "../../sandbox/kubernetes/program";

async function main(containers: readonly ContainerContext[]): Promise<void> {
  const nodes = await Promise.all(
    containers.map((container) => todayNode({ ...container, log: (line) => process.env.DEBUG && console.log(line) })),
  );
  while (!(await Promise.all(nodes.map((node) => node.ready()))).every(Boolean)) await pause(20);
  process.send?.("listening");
}

main(JSON.parse(process.argv[2] ?? "") as ContainerContext[]).catch((error: Error) => {
  console.error(error);
  process.exit(1);
});

import { commandLine } from "../kubernetes/command-line";
import type { ContainerContext, Program } from "../kubernetes/program";
import { node } from "./node/node";
import { todayNode } from "./today/node";

/**
 * Stands in for `spacemeshos/go-spacemesh` of both times: go-spacemesh 1.8.3 when the command line names its config by
 * `-c`, as systest and the driver `kubernetes` do, and else 0.2, whose config go-spacecraft names by `--config`.
 */
export const goSpacemesh: Program = (context) => (isOfToday(context) ? todayNode(context) : node(context));

/** Whether a node's command line is one of today's nodes. */
export const isOfToday = (context: Pick<ContainerContext, "command" | "args">): boolean =>
  commandLine(context).args.some((arg) => arg === "-c" || arg.startsWith("-c="));

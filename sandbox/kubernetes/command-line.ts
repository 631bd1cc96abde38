import type { ContainerContext } from "./program";

/** Command line of a container without the program's name. */
export interface CommandLine {
  readonly args: readonly string[];
  /** Whether a shell sleeps after the program ended, so that the container stays. */
  readonly sleepsAfterwards: boolean;
}

/**
 * Reads the arguments from a container's command and args. Supports a program that is started directly, and the shell
 * line
 * of go-spacecraft (k8s/sm.go: `/bin/sh -c "/bin/poet --flag ; sleep 100000000"`).
 */
export function commandLine({ command, args }: Pick<ContainerContext, "command" | "args">): CommandLine {
  const isShell = command.length === 2 && command[0] === "/bin/sh" && command[1] === "-c";
  if (!isShell) return { args: [...command.slice(1), ...args], sleepsAfterwards: false };
  const [program = "", ...after] = (args[0] ?? "").split(";");
  const [, ...words] = program.trim().split(/\s+/);
  return { args: words, sleepsAfterwards: after.some((next) => next.trim().startsWith("sleep")) };
}

/**
 * The file for which a shell waits before it becomes the program (infra/deploy/network/kubernetes/stats-container.ts):
 * `until [ -e "$NAME" ]; do sleep 1; done; exec PROGRAM`. Undefined for every other command line.
 */
export function awaitedFile({ command, args, env }: Pick<ContainerContext, "command" | "args" | "env">) {
  if (command.join(" ") !== "/bin/sh -c") return undefined;
  const [, name] = /^until \[ -e "\$(\w+)" \]; do sleep 1; done; exec \S/.exec(args[0] ?? "") ?? [];
  return name === undefined ? undefined : env[name];
}

/** The value of `--NAME=VALUE`; undefined when the flag is absent. */
export const flagOf = (args: readonly string[], name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Name of the Deployment of a pod, e.g. `poet-1` of `poet-1-5d9c7b6f4-x2x9k`. Such pods have two suffixes. */
export const deploymentOf = (pod: string): string => pod.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "");

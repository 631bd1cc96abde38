import type { ContainerContext } from "./program";

/** What a container's command line says, apart from the program's own name. */
export interface CommandLine {
  readonly args: readonly string[];
  /** Whether a shell goes on sleeping when the program has ended, so that the container stays. */
  readonly sleepsAfterwards: boolean;
}

/**
 * Reads the arguments from a container's command and args: those of a program that is started directly, or those in
 * the one line for a shell with which go-spacecraft starts its programs (go-spacecraft k8s/sm.go:
 * `/bin/sh -c "/bin/poet --flag ; sleep 100000000"`). Pure.
 */
export function commandLine({ command, args }: Pick<ContainerContext, "command" | "args">): CommandLine {
  const isShell = command.length === 2 && command[0] === "/bin/sh" && command[1] === "-c";
  if (!isShell) return { args: [...command.slice(1), ...args], sleepsAfterwards: false };
  const [program = "", ...after] = (args[0] ?? "").split(";");
  const [, ...words] = program.trim().split(/\s+/);
  return { args: words, sleepsAfterwards: after.some((next) => next.trim().startsWith("sleep")) };
}

/** The value of `--NAME=VALUE`; undefined when it is not given. Pure. */
export const flagOf = (args: readonly string[], name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** `poet-1` of pod `poet-1-5d9c7b6f4-x2x9k`: a Deployment's pods carry two suffixes. Pure. */
export const deploymentOf = (pod: string): string => pod.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "");

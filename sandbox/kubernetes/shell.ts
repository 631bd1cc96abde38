import { PassThrough } from "node:stream";
import type { V1Container } from "@kubernetes/client-node";
import type { Program } from "./program";
import { startProcess } from "./real-process";

/** Images that are little more than a shell. Images with a program in the sandbox have a shell too. */
export const SHELL_IMAGES: ReadonlySet<string> = new Set(["alpine", "busybox", "debian", "ubuntu"]);

/** Whether a container's command is a script for a shell: `["sh", "-c", SCRIPT]`. */
export const startsShell = ({ command = [] }: V1Container): boolean => /^(\/bin\/)?sh$/.test(command[0] ?? "");

/**
 * Runs the script of an init container with this machine's `sh`. Mount paths in the script are real folders already,
 * so it reads and writes only what the container would.
 */
export const shell: Program = async (context) => {
  const output = new PassThrough();
  const args = [...context.command.slice(1), ...context.args];
  const { ended, stop } = await startProcess(context, {
    tool: "sh",
    args,
    output,
    grace: context.grace,
    isGroup: true,
  });
  return { ready: () => true, ended: ended.finally(() => output.end()), stop, output };
};

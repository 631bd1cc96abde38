import type { Process } from "../../base/lib/processes";
import { nameOf } from "./mend";

/** A command of ours that takes a stack's lock, with what it works on: `smeshnet deploy v1.2.3+1`. */
const COMMAND = /(?:^|[/ ])smeshnet(?:\.cjs)? (deploy|retire|recover|promote|demote)( .*)?$/s;

/**
 * The commands that are about to update a stack. They hold its lock only while the engine runs.
 * @param channels all channels, since a promotion need not name its own
 */
export function commandsAt(stack: string, channels: readonly string[], processes: readonly Process[]): string[] {
  return processes.flatMap(({ args }) => {
    const [, verb = "", rest = ""] = COMMAND.exec(args) ?? [];
    if (verb === "") return [];
    const words = rest.trim().split(" ");
    const isMove = verb === "promote" || verb === "demote";
    const isAtIt = isMove ? channels.includes(stack) : words.includes(nameOf(stack)) || words.includes(stack);
    return isAtIt ? [`smeshnet ${verb}${rest}`] : [];
  });
}

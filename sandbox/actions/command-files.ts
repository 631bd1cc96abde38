import { readFileSync } from "node:fs";
import { SandboxError } from "../home";

/**
 * Reads what a step wrote into GITHUB_OUTPUT or GITHUB_ENV: `NAME=VALUE` on a line, or `NAME<<END`, lines, and `END`.
 * @throws {SandboxError} for a line of another form
 */
export function readPairs(file: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = readFileSync(file, "utf8").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line === "") continue;
    const [, block, end] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    const [, name, value] = /^([^=]+)=(.*)$/.exec(line) ?? [];
    if (block !== undefined && end !== undefined) {
      const last = lines.indexOf(end, at + 1);
      if (last === -1) throw new SandboxError(`${block}<<${end} does not end with ${end}.`);
      pairs[block] = lines.slice(at + 1, last).join("\n");
      at = last;
    } else if (name !== undefined && value !== undefined) pairs[name] = value;
    else throw new SandboxError(`"${line}" is no NAME=VALUE.`);
  }
  return pairs;
}

/** A program as somebody who joins has started it. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
}

/** The flags that a program takes, and how many arguments beside them. */
interface Takes {
  readonly switches?: readonly string[];
  readonly withArgument?: readonly string[];
  readonly operands?: number;
}

/** A command line in its parts. */
export interface Line {
  readonly flags: ReadonlyMap<string, string>;
  /** What follows the flags. */
  readonly rest: readonly string[];
}

/**
 * What the programs take, after their own code: those that joiners run and that cannot be had here. The flags of today's
 * node are in sandbox/chain/today/flags.ts.
 */
const PROGRAMS: Readonly<Record<string, Takes>> = {
  // docker/cli cli/command/container/run.go; the image's own arguments follow
  "docker run": { switches: ["-it", "--rm"], withArgument: ["-p", "-v"], operands: Number.POSITIVE_INFINITY },
  // spacemeshos/smapp desktop/main.ts
  spacemesh: { withArgument: ["--discovery"] },
  // spacemeshos/smcli cmd/wallet.go
  "smcli wallet create": { switches: ["--ledger", "-l"], operands: 0 },
  "smcli wallet read": {
    switches: ["--private", "-p", "--full", "-f", "--base58", "--parent", "--debug", "-d"],
    withArgument: ["--hrp"],
    operands: 1,
  },
  // spacemeshos/smrepl main.go
  cli_wallet_linux_amd64: { switches: ["-secure"], withArgument: ["-server", "-wallet_directory", "-wallet"] },
  // spacemeshos/go-spacemesh v0.2 cmd/base.go: of its flags those that name files
  "go-spacemesh": { withArgument: ["--config", "-c", "--data-folder", "-d"] },
};

/**
 * Reads a command line as its program does.
 * @throws {Error} for a flag that the program does not take, and for too many or too few arguments
 */
export function lineOf({ program, args }: Call): Line {
  const words = [program, ...args];
  const name = Object.keys(PROGRAMS).find((name) => words.join(" ").startsWith(name)) ?? "";
  const { switches = [], withArgument = [], operands = 0 } = PROGRAMS[name] ?? {};
  const rest = words.slice(name.split(" ").length);
  const flags = new Map<string, string>();
  for (let word = rest[0]; word?.startsWith("-"); word = rest[0]) {
    rest.shift();
    const [flag = "", ...value] = word.split("=");
    if (switches.includes(flag)) flags.set(flag, "");
    else if (withArgument.includes(flag)) flags.set(flag, value.length > 0 ? value.join("=") : (rest.shift() ?? ""));
    else throw new Error(`unknown flag of ${name || program}: ${word}`);
  }
  const isRight = operands === Number.POSITIVE_INFINITY ? rest.length > 0 : rest.length === operands;
  if (!isRight) throw new Error(`${name || program} does not take these arguments: ${rest.join(" ")}`);
  return { flags, rest };
}

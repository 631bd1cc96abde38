import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Driver, WrongOptions } from "./home";

/** @throws {WrongOptions} one line for an unknown option, or one without its value */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [what = ""] = (error as Error).message.split("\n");
    throw new WrongOptions(`${what.replace(/\.?$/, ".")} Run it with --help.`);
  }
}

/** The driver that `--driver` names; nothing without it. @throws {WrongOptions} for another word */
export function driverIn(text: string | undefined): { driver?: Driver } {
  if (text === undefined) return {};
  if (text === "kubernetes" || text === "spacecraft") return { driver: text };
  throw new WrongOptions(`"${text}" is not a driver. Use kubernetes or spacecraft.`);
}

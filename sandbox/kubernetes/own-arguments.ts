import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { commandLine, flagOf } from "./command-line";
import { withAddress, withAddresses } from "./names";
import type { ContainerContext } from "./program";
import { poetArguments } from "./real-programs";

/*
 * Arguments and files with which a user's executable runs in a pod of the sandbox. All pods share the machine, so each
 * program may listen at its pod's address only, and the names of Services are no names of the machine.
 */

/** Listeners of a node and where they are by default (go-spacemesh api/grpcserver/config.go). */
const LISTENERS: Readonly<Record<string, string | undefined>> = {
  "grpc-public-listener": "0.0.0.0:9092",
  "grpc-private-listener": "127.0.0.1:9093",
  "grpc-post-listener": "127.0.0.1:0",
  "grpc-json-listener": undefined,
};

/** Port at which nodes hear each other (go-spacemesh p2p/host.go). */
const P2P_PORT = "7513";

/** Flags that are left out: the metrics listen at all addresses, `listen` adds to the file's, pprof has one port. */
const DROPPED = ["metrics", "metrics-port", "listen", "pprof-server"];

/** Flags of a node that we read, and that may have their value in the next word. */
const WITH_VALUE = [...Object.keys(LISTENERS), "config", "metrics-port", "listen", "filelock"];

const Config = z.looseObject({
  main: z.looseObject({ metrics: z.unknown().optional() }).optional(),
  p2p: z.looseObject({ listen: z.union([z.string(), z.array(z.string())]).optional() }).optional(),
  api: z.record(z.string(), z.unknown()).optional(),
});
type Config = z.infer<typeof Config>;

/**
 * The arguments of a user's executable. Those of a node name a copy of its config file in the folder.
 * @param repository of the image whose place it takes
 * @param folder for its data, which only this container uses
 */
export async function ownArguments(repository: string, context: ContainerContext, folder: string): Promise<string[]> {
  const args = commandLine(context).args.map((arg) => withAddressInFlag(context, arg));
  if (repository.endsWith("/poet")) return poetArguments(args, context.address, flagOf(args, "poetdir") ?? folder);
  return /go-spacemesh/.test(repository) ? nodeArguments(context, args, folder) : args;
}

/** `--flag=VALUE` or a value: names of Services become addresses, also in a list with commas. */
function withAddressInFlag(context: ContainerContext, arg: string): string {
  const [, flag = "", value = arg] = /^(--?[\w-]+=)(.*)$/s.exec(arg) ?? [];
  const parts = value.split(",").map((part) => withAddress(context, part));
  return `${flag}${parts.join(",")}`;
}

async function nodeArguments(context: ContainerContext, given: readonly string[], folder: string): Promise<string[]> {
  const { address } = context;
  const args = joined(given);
  const named = flagOf(args, "config");
  const config = named === undefined ? undefined : await readConfig(named);
  const listeners = Object.entries(LISTENERS).flatMap(([name, standard]) => {
    const configured = config?.api?.[name];
    const listener = flagOf(args, name) ?? (typeof configured === "string" ? configured : standard);
    return listener ? [`--${name}=${address}:${portOf(listener)}`] : [];
  });
  await mkdir(folder, { recursive: true });
  const copy = join(folder, "config.json");
  if (config)
    await writeFile(copy, unquoted(JSON.stringify(atAddress(context, config), undefined, 2)), { mode: 0o600 });
  const replaced = [...Object.keys(LISTENERS), ...DROPPED, "filelock", ...(config ? ["config"] : [])];
  return [
    ...args.filter((arg) => !replaced.some((name) => arg === `--${name}` || arg.startsWith(`--${name}=`))),
    ...(config ? [`--config=${copy}`] : []),
    ...listeners,
    `--filelock=${join(folder, "LOCK")}`,
  ];
}

/** The config file with its p2p listener at the pod's address, and with addresses in place of names. */
function atAddress(context: ContainerContext, config: Config): unknown {
  const { main, p2p } = config;
  const [listen = ""] = [p2p?.listen ?? ""].flat();
  const port = /\/tcp\/(\d{1,5})(?:\/|$)/.exec(listen)?.[1] ?? P2P_PORT;
  return withAddresses(context, {
    ...config,
    ...(main ? { main: { ...main, ...(main.metrics === undefined ? {} : { metrics: false }) } } : {}),
    p2p: { ...p2p, listen: `/ip4/${context.address}/tcp/${port}` },
  });
}

/** A file that is no config stays as it is: the node says what is wrong with it. */
async function readConfig(file: string): Promise<Config | undefined> {
  try {
    return Config.parse(JSON.parse(quoted(await readFile(file, "utf8"))));
  } catch {
    return undefined;
  }
}

/** Marks a number that a JavaScript number may not hold, such as a balance in smidge. */
const BIG = "smeshnet-big-number:";

/** A JSON text in which such numbers are marked texts, and back. */
const quoted = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (found) => (found.startsWith('"') ? found : `"${BIG}${found}"`));
const unquoted = (json: string): string => json.replace(new RegExp(`"${BIG}(-?\\d{1,40})"`, "g"), "$1");

/** The arguments with every flag that we read as `--NAME=VALUE`. */
function joined(args: readonly string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = (args[i] ?? "").replace(/^-c(?==|$)/, "--config");
    const hasValueNext = WITH_VALUE.some((name) => arg === `--${name}`) && args[i + 1] !== undefined;
    result.push(hasValueNext ? `${arg}=${args[++i]}` : arg);
  }
  return result;
}

const portOf = (listener: string): string => listener.slice(listener.lastIndexOf(":") + 1);

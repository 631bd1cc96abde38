import { z } from "zod";
import { boundedTextFileSync, LIMITS } from "../infra/base/lib/bounded";
import { shown, UserError } from "../infra/base/lib/errors";
import { parsedObject, valueAt } from "../infra/base/lib/json";
import { list, whole } from "../infra/base/model/formats";
import { isNetwork } from "./core/client";

/** `HOST:PORT` at which a server listens. */
const address = z.string().regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i);

const smidge = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d{0,18}$/))
  .transform(BigInt);

/** Settings of a tap. The description of each says what is expected. */
export const Config = z.strictObject({
  network: z
    .string()
    .regex(/^[\w.+-]{1,64}$/)
    .describe("the network's name, which the pages show, e.g. v1.2.3+1"),
  hrp: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .describe("the prefix of the network's addresses, e.g. stest"),
  amount: smidge.describe("the amount of a gift in smidge (10^9 are 1 SMH), e.g. 10000000000"),
  budget: smidge.describe("the most that is promised on a UTC day, in smidge and not less than a gift"),
  fee: smidge.default(1_000_000n).describe("what is kept back for the fees of each gift, in smidge"),
  gate: z.enum(["none", "pow"]).default("pow").describe("none or pow: what stands before a gift"),
  powBits: whole(1, 32)
    .default(20)
    .describe("the leading zero bits of a proof of work, 1 to 32; each doubles the work"),
  trustedProxies: list(z.string().refine(isNetwork))
    .default([])
    .describe("addresses or networks of proxies whose X-Forwarded-For counts, e.g. 10.0.0.0/8, with commas between"),
  explorer: z
    .string()
    .regex(/^https?:\/\/\S*\{transaction\}\S*$/)
    .optional()
    .describe("a transaction's page in the explorer, e.g. https://explorer.example.net/txs/0x{transaction}"),
  dataFolder: z.string().regex(/^\//).describe("the absolute path of the folder for journal and lock"),
  listen: address.default("127.0.0.1:8080").describe("HOST:PORT at which it listens, e.g. 0.0.0.0:8080"),
  metricsListen: address
    .optional()
    .describe("HOST:PORT at which Prometheus reads metrics, e.g. 0.0.0.0:9216; without it nobody does"),
  nodes: list(z.string().regex(/^[\w.-]+:\d{1,5}$/))
    .refine(({ length }) => length > 0)
    .describe("gRPC addresses of the network's nodes, e.g. 127.0.0.1:9092, with commas between"),
  genesisId: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional()
    .describe("the network's genesis id, 40 hexadecimal digits; without it a node is asked before the tap opens"),
  every: whole(1, 600).default(10).describe("the time between two looks at the chain, 1 to 600 seconds"),
  patience: whole(0, 86_400)
    .default(3600)
    .describe("how long a transaction must be proven dead before another one replaces it, 0 to 86400 seconds"),
});

export type Config = z.infer<typeof Config>;

/** `trustedProxies` -> `TAP_TRUSTED_PROXIES`. */
export const variableOf = (key: string): string =>
  `TAP_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();

/** Variables that are no settings. */
export const OTHER_VARIABLES = {
  TAP_CONFIG: "JSON file with settings; a variable wins over it",
  TAP_SEED_FILE: "file with the seed of the tap's account, 64 hexadecimal digits (secret)",
  TAP_SEED: "the seed itself, if there is no file (secret)",
} as const;

/** One or more settings of a tap are wrong; each has a line. */
export class TapConfigInvalid extends UserError {
  constructor(override readonly lines: readonly string[]) {
    super(
      "TapConfigInvalid",
      lines.length === 1 ? "A setting of the tap is wrong:" : `${lines.length} settings of the tap are wrong:`,
      "", // each line says what is expected
      2,
    );
  }
}

/**
 * Reads the settings from the file that TAP_CONFIG names, and from variables, which win.
 * @throws {UserError} with all mistakes
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = { ...fileSettings(environment.TAP_CONFIG) };
  for (const key of Object.keys(Config.shape)) {
    const value = environment[variableOf(key)];
    if (value !== undefined && value !== "") given[key] = value;
  }
  const { success, data, error } = Config.safeParse(given);
  const lines = success ? [] : error.issues.flatMap((issue) => mistakes(issue, given));
  if (success && data.budget < data.amount) lines.push(`budget is ${data.budget}, expected ${described("budget")}.`);
  if (!success || lines.length > 0) throw new TapConfigInvalid([...new Set(lines)]);
  return data;
}

function mistakes(issue: z.core.$ZodIssue, given: unknown): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key} is not a setting. Remove it.`);
  const key = `${String(issue.path[0])}`;
  const value = valueAt(given, [key]);
  const state = value === undefined ? "is not set" : `is ${shown(value)}`;
  return [`${key} ${state}, expected ${described(key)}. Set ${variableOf(key)}.`];
}

const described = (key: string): string =>
  Object.entries(Config.shape).find(([name]) => name === key)?.[1].description ?? "";

function fileSettings(path: string | undefined): Record<string, unknown> {
  if (!path) return {};
  const found = parsedObject(textOf("TAP_CONFIG", path));
  if (!found)
    throw new UserError("TapConfigNotJson", `${path} holds no JSON object.`, "Write the settings as a JSON object.", 2);
  return { ...found };
}

function textOf(variable: string, path: string): string {
  try {
    return boundedTextFileSync(path, LIMITS.small);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "TapFileUnreadable",
      `The file ${path} of ${variable} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      "Correct the path or the rights of the file.",
      2,
    );
  }
}

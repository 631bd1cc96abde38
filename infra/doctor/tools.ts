import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { boundedTextFile, LIMITS } from "../base/lib/bounded";
import { exec, output } from "../base/lib/exec";
import { parsedJson } from "../base/lib/json";
import type { Settings } from "../base/model/settings";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

/** Time limit of one program, in seconds. The check's own limit ends it earlier. */
const TIMEOUT = 120;

/** git 2.34 is the first that verifies signatures of SSH keys. */
const GIT = "2.34";

/** The programs of a driver besides those that everybody needs, and where they come from. */
const OF_DRIVER: Readonly<Record<Settings["driver"], Readonly<Record<string, string>>>> = {
  kubernetes: {},
  spacecraft: {
    gcloud: "Install the Google Cloud CLI",
    "gke-gcloud-auth-plugin": "Run `gcloud components install gke-gcloud-auth-plugin`",
    "go-spacecraft": "Build it with Go as docs/operating.md tells",
  },
};

const SET_UP = "Run `npm run setup`, and put its tools on the PATH as docs/operating.md shows";

/** Plugins of the engine, by the packages that speak to them. */
const PLUGINS = ["cloudflare", "command", "kubernetes"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What doctor must know for the question which tools are needed. */
export type Tooling = Pick<Settings, "driver" | "allowedSigners">;

/** The questions for tools and their versions. @param settings those of them that can be read */
export const toolChecks = (settings: Partial<Tooling>, environment: Environment): Check[] => [
  { name: "tools.node", ask: async () => found(judgeNode(process.versions.node, (await ownPackage()).engines.node)) },
  {
    name: "tools.pulumi",
    async ask(signal) {
      if (!isOnPath("pulumi", environment)) return found(judgeProgram("pulumi", false, SET_UP));
      const variables = { PULUMI_SKIP_UPDATE_CHECK: "true" };
      const version = await output("pulumi", ["version"], { secrets: [], variables, timeout: TIMEOUT, signal });
      const { dependencies } = await ownPackage();
      const next = [pluginCheck(dependencies)];
      return { findings: [judgePulumi(version.trim(), dependencies["@pulumi/pulumi"] ?? "")], next };
    },
  },
  {
    name: "tools.git",
    async ask(signal) {
      const printed = await output("git", ["--version"], { secrets: [], timeout: TIMEOUT, signal });
      return found(judgeGit(versionIn(printed), (settings.allowedSigners ?? "").trim() !== ""));
    },
  },
  ...Object.entries(settings.driver ? OF_DRIVER[settings.driver] : {}).map(([program, fix]) => ({
    name: `tools.${program}`,
    ask: async () => found(judgeProgram(program, isOnPath(program, environment), fix)),
  })),
];

const pluginCheck = (dependencies: Readonly<Record<string, string>>): Check => ({
  name: "tools.plugins",
  without: "warn",
  async ask(signal) {
    const { stdout } = await exec("pulumi", ["plugin", "ls", "--json"], { secrets: [], timeout: TIMEOUT, signal });
    const installed = z.array(Plugin).safeParse(parsedJson(stdout)).data ?? [];
    return found(...judgePlugins(installed, dependencies));
  },
});

const Plugin = z.object({ name: z.string(), kind: z.string(), version: z.string().nullish() });
type Plugin = Readonly<z.infer<typeof Plugin>>;

const Package = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});

/** What this project says of itself; a command runs in its folder. */
const ownPackage = async (): Promise<z.infer<typeof Package>> =>
  Package.parse(parsedJson(await boundedTextFile("package.json", LIMITS.small)));

/** @param range of package.json, `>=20.19` */
export function judgeNode(version: string, range: string): Finding {
  const least = range.replace(/^>=/, "");
  if (atLeast(version, least)) return ok("tools.node", `Node.js ${version}`);
  return fail("tools.node", `Node.js ${version} is too old`, `Install Node.js ${least} or later`);
}

/** @param sdk version of the SDK that our programs use, which set-up installs the same CLI for */
export function judgePulumi(version: string, sdk: string): Finding {
  if (!atLeast(version, "3.0")) return fail("tools.pulumi", `pulumi is ${version}, expected ${sdk}`, SET_UP);
  if (atLeast(version, sdk)) return ok("tools.pulumi", `pulumi ${version}`);
  return warn("tools.pulumi", `pulumi ${version} is older than ${sdk}, with which we test`, SET_UP);
}

export function judgePlugins(installed: readonly Plugin[], dependencies: Readonly<Record<string, string>>): Finding[] {
  const missing = PLUGINS.filter((name) => {
    const version = dependencies[`@pulumi/${name}`];
    return !installed.some((one) => one.kind === "resource" && one.name === name && bare(one.version) === version);
  }).map((name) => `${name} ${dependencies[`@pulumi/${name}`]}`);
  if (missing.length === 0) return [ok("tools.plugins", `Pulumi's plugins ${PLUGINS.join(", ")} are installed`)];
  const what = `Pulumi's plugins are not installed: ${missing.join(", ")}. The engine loads them at the first use`;
  return [warn("tools.plugins", what, "With internet do nothing; without it see `pulumi plugin install --help`")];
}

/** @param hasSigners whether tags must be signed */
export function judgeGit(version: string | undefined, hasSigners: boolean): Finding {
  if (version === undefined) return fail("tools.git", "git does not tell its version", `Install git ${GIT} or later`);
  if (atLeast(version, GIT)) return ok("tools.git", `git ${version}`);
  const what = `git ${version} cannot verify signatures of SSH keys`;
  const judge = hasSigners ? fail : warn;
  return judge("tools.git", what, `Install git ${GIT} or later`);
}

/** @param fix how to install it */
export const judgeProgram = (program: string, isThere: boolean, fix: string): Finding =>
  isThere
    ? ok(`tools.${program}`, `${program} is on the PATH`)
    : fail(`tools.${program}`, `the program ${program} is not on the PATH`, fix);

/** Whether a program can be started by its name. */
export const isOnPath = (program: string, { PATH = "" }: Environment): boolean =>
  PATH.split(delimiter)
    .filter(Boolean)
    .some((folder) => isExecutable(join(folder, program)));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first version in a text, `2.39.5`. */
export const versionIn = (text: string): string | undefined => /\d{1,9}(?:\.\d{1,9}){1,2}/.exec(text)?.[0];

const bare = (version: string | null | undefined): string => (version ?? "").replace(/^v/, "");

/** Whether a version is another one or a later one. A text that is no version is neither. */
export function atLeast(version: string, least: string): boolean {
  const [given, wanted] = [bare(version), bare(least)].map((text) => text.split(/[.+-]/, 3).map(Number));
  for (const [i, number] of (wanted ?? []).entries()) {
    const own = given?.[i] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

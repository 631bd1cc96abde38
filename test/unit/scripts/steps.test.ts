import { deepStrictEqual, ok } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import type { Command } from "../../../infra/base/cli/command";
import {
  OF_CLUSTERS,
  OF_READING,
  OF_STATES,
  OF_STORE,
  SECRETS,
  type SecretGroup,
} from "../../../infra/base/lib/secrets";
import { COMMANDS } from "../../../scripts/commands";
import { STEPS } from "../../../scripts/steps";

/** What a step's source shows that it uses, and the secrets for that. */
const USES: readonly (readonly [use: RegExp, secrets: readonly SecretGroup[]])[] = [
  [/\bopenStore\(|\btlsStoreOf\(/, OF_STORE],
  [/\btlsStoreToRead\(/, OF_READING],
  [/\brequireRetirable\(/, ["cloudflareDns"]],
  [/\bcloseHistory\(/, ["cloudflareDns", "cloudflareKv"]],
  [/"KUBECONFIG_TEXT"/, ["kubeconfig", ...OF_CLUSTERS]],
  [/\bdriverOfStep\(|\bexecCredential\(/, OF_CLUSTERS],
  [/\boutputsOf\(|\bcompletionsOf\(/, OF_STATES],
  [/\bmoveBranchStep\(/, ["git", "github"]],
  [/\bwebhook\(|"DISCORD_WEBHOOK"/, ["discord"]],
  [/"REMOTE_WRITE_PASSWORD"/, ["metrics"]],
  [/PULUMI_COMMAND_STDOUT\b/, ["printed"]],
];

const sorted = (secrets: readonly SecretGroup[]): string[] => [...new Set(secrets)].sort();

describe("the secrets of steps", () => {
  for (const [name, { secrets }] of Object.entries(STEPS)) {
    it(`are those that the step ${name} uses, and no others`, () => {
      const source = readFileSync(`scripts/steps/${name}.ts`, "utf8");
      const used = USES.flatMap(([use, groups]) => (use.test(source) ? groups : []));
      deepStrictEqual(sorted(secrets), sorted(used));
    });
  }
});

/** What a command's source shows that it uses, and a variable that its help then names. */
const NAMES: readonly (readonly [use: RegExp, variable: string])[] = [
  [/\b(storeOf|openStoreOfProject|tlsStoreOf)\b|\bopenAdoption\(/, "AWS_ACCESS_KEY_ID"],
  [
    /\b(storeToRead|openProjectToRead|openProjectForPreview|tlsStoreToRead|recordsOf)\b/,
    "ARCHIVE_READER_AWS_ACCESS_KEY_ID",
  ],
  [/\b(openProject\(|cloudflareApi\()/, "CLOUDFLARE_API_TOKEN"],
];

describe("the secrets of commands", () => {
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    it(`are named by the help of ${name} where it uses them, and by no other that runs no engine`, async () => {
      const { command }: { command: Command } = await load();
      const source = readFileSync(`scripts/${name.replace(" ", "/")}.ts`, "utf8");
      const named = new Set(command.environment.map((variable) => variable.name));
      const runsEngine = named.has("SPACECRAFT_HOME");
      for (const [use, variable] of NAMES) {
        if (use.test(source)) ok(named.has(variable), `${name} uses ${use} and does not name ${variable}`);
        else if (!runsEngine && variable.startsWith("ARCHIVE_READER"))
          ok(!named.has(variable), `${name} names ${variable} and only writes`);
      }
    });
  }
});

describe("the list of secrets", () => {
  const known = new Set<string>(Object.values(SECRETS).flat());

  it("holds every variable of a command that is secret", async () => {
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      const { command }: { command: Command } = await load();
      const secret = command.environment.filter(({ help }) => help.includes("(secret)"));
      deepStrictEqual(
        secret.map((variable) => variable.name).filter((variable) => !known.has(variable)),
        [],
        name,
      );
    }
  });

  it("holds every secret that a workflow passes on", () => {
    const folder = ".github/workflows";
    const passed = readdirSync(folder).flatMap((file) => [
      ...readFileSync(`${folder}/${file}`, "utf8").matchAll(/^ +([A-Z_]+): \$\{\{ (?:secrets\.|github\.token)/gm),
    ]);
    ok(passed.length > 0);
    const names = new Set(passed.flatMap(([, name]) => name ?? []));
    // A kubeconfig becomes a file, and the variable names its path.
    deepStrictEqual([...names].filter((name) => !known.has(name)).sort(), ["KUBECONFIG"]);
  });

  it("names no variable twice", () => deepStrictEqual([...known], Object.values(SECRETS).flat()));
});

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { ownerComment } from "../../../infra/base/model/ownership";
import { toolchain } from "../../support/toolchain";

export const STACK = "1_2_3_1";

const LOCKS = `.pulumi/locks/organization/smeshnet/${STACK}`;
const STATE = `.pulumi/stacks/smeshnet/${STACK}.json`;

/** Removed one after another by every destroy: each takes a while, and tells when two engines are at it. */
const STEPS = ["one", "two"];

/** A folder with a real backend, in which an engine was killed while it created something. */
export class Backend {
  readonly folder = mkdtempSync(join(tmpdir(), "smeshnet-recovery-"));
  readonly state = join(this.folder, "backend", STATE);
  readonly locks = join(this.folder, "backend", LOCKS);
  readonly witness = join(this.folder, "witness");
  readonly record = join(this.folder, "stray");

  /** @param template a backend with an empty stack, which takes a second to make */
  constructor(template?: Backend) {
    if (template) cpSync(template.folder, this.folder, { recursive: true });
    else {
      for (const name of ["backend", "project"]) mkdirSync(join(this.folder, name));
      const plugin = "home/plugins/resource-command-v1.2.1"; // no link itself, which the engine would skip
      mkdirSync(join(this.folder, plugin), { recursive: true });
      for (const file of readdirSync(join(toolchain().plugins, basename(plugin))))
        symlinkSync(join(toolchain().plugins, basename(plugin), file), join(this.folder, plugin, file));
      writeFileSync(join(this.folder, "project/Pulumi.yaml"), "name: smeshnet\nruntime: nodejs\n");
      this.pulumi("stack", "init", STACK);
    }
    writeFileSync(this.witness, "");
    writeFileSync(this.record, ownerComment("v1.2.3+1"));
    this.begin();
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PATH: [toolchain().bin, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      STRAY_RECORD: this.record,
      GOGC: "400",
    };
  }

  get project(): string {
    return join(this.folder, "project");
  }

  pulumi(...args: string[]): void {
    execFileSync("pulumi", args, { cwd: this.project, env: this.env, stdio: "pipe" });
  }

  /** Names of the resources in the state as it is stored now, and of its pending operations. */
  stored(): { readonly resources: string[]; readonly pending: number } {
    const { latest } = JSON.parse(readFileSync(this.state, "utf8")).checkpoint;
    const resources = (latest.resources ?? []).map(({ urn }: { urn: string }) => urn.split("::").at(-1));
    return { resources, pending: latest.pending_operations?.length ?? 0 };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts resources and a pending operation into the state. */
  private begin(): void {
    const file = JSON.parse(readFileSync(this.state, "utf8"));
    const urn = (type: string, name: string) => `urn:pulumi:${STACK}::smeshnet::${type}::${name}`;
    const root = urn("pulumi:pulumi:Stack", `smeshnet-${STACK}`);
    const provider = urn("pulumi:providers:command", "default");
    const version = { version: "1.2.1" };
    const step = (name: string, i: number) => {
      const inputs = { create: "true", delete: this.deletion(name) };
      const [type, before] = ["command:local:Command", STEPS[i - 1]];
      return {
        ...{ urn: urn(type, name), custom: true, id: name, type, inputs, outputs: { ...inputs, stdout: "" } },
        ...{ parent: root, dependencies: before === undefined ? [] : [urn(type, before)], provider: `${provider}::id` },
      };
    };
    const resources = [
      { urn: root, custom: false, type: "pulumi:pulumi:Stack" },
      { urn: provider, custom: true, id: "id", type: "pulumi:providers:command", inputs: version, outputs: version },
      ...STEPS.map(step),
    ];
    const { id: _, outputs: __, ...pending } = step("three", 2);
    const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
    const made = {
      ...file.checkpoint.latest,
      manifest,
      resources,
      pending_operations: [{ resource: pending, type: "creating" }],
    };
    writeFileSync(this.state, JSON.stringify({ ...file, checkpoint: { ...file.checkpoint, latest: made } }));
  }

  /** A command that holds a lock of the system while it runs, and tells when another holds it. */
  private deletion(name: string): string {
    const { witness } = this;
    return `exec 9>'${witness}.lock'; flock -n 9 || echo 'two engines at ${name}' >>'${witness}'; sleep 0.1`;
  }
}

import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { request } from "../../infra/clients/public-name";
import { places } from "../../sandbox/home";
import { type Ended, TestSandbox } from "./sandbox";

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";
const PASSPHRASE = "marked-passphrase-5d1f";
/** Milliseconds between two looks at the command lines of this machine. */
const ARGV_EVERY = 50;

describe("secrets", function () {
  this.timeout(240_000);
  const sandbox = new TestSandbox({
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    SMESHNET_MINERS: "4",
    SMESHNET_BOOTNODES: "2",
    SANDBOX_SPACECRAFT_TICK_MS: "100",
  });
  /** Every text in which a secret could be, by where it comes from. */
  const texts = new Map<string, string>();
  const argv = new Set<string>();
  let checkout: string;
  let secrets: Record<string, string>;
  let sampling: NodeJS.Timeout;

  const verb = (name: string, ...args: string[]) =>
    sandbox.run("node", ["--import", "tsx", `scripts/${name}.ts`, ...args], checkout);
  const keep = (what: string, { stdout, stderr }: Ended) => texts.set(what, `${stdout}\n${stderr}`);
  const cloudflare = (faults: object) =>
    writeFileSync(join(places(sandbox.home).cloudflare, "faults.json"), JSON.stringify(faults));

  before(async () => {
    sampling = setInterval(() => {
      for (const line of commandLines()) argv.add(line);
    }, ARGV_EVERY);
    checkout = await sandbox.secondCheckout();
    await sandbox.start(checkout);
    sandbox.pushQuietly(TAG);
  });
  after(async () => {
    clearInterval(sampling);
    await sandbox.close();
  });

  it("are given to deployments that fail and that end well, to previews and to retirements", async () => {
    process.env.SANDBOX_SPACECRAFT_FAIL = "miner";
    const failed = await verb("deploy", TAG);
    delete process.env.SANDBOX_SPACECRAFT_FAIL;
    keep("a failed deployment", failed);
    match(failed.stderr, /the network is not complete/);

    cloudflare({ refuse: { status: 403 } });
    const refused = await verb("deploy", TAG);
    cloudflare({});
    keep("a deployment that Cloudflare refuses", refused);
    match(refused.stderr, /403/);

    const events = join(places(sandbox.home).logs, "events.jsonl");
    const deployed = await verb("deploy", TAG, "--json", "--events", events);
    keep("a deployment", deployed);
    strictEqual(deployed.exitCode, 0, deployed.stderr);

    secrets = await secretsOf(sandbox);
    const preview = ["preview", "--stack", STACK, "--diff", "--non-interactive"];
    keep("a preview", await sandbox.run("pulumi", preview, checkout));
    process.env.SMESHNET_CHANNELS = "testnet,other";
    keep("a preview of a change", await sandbox.run("pulumi", [...preview, "--show-config"], checkout));
    keep("a preview as JSON", await sandbox.run("pulumi", [...preview, "--json"], checkout));
    delete process.env.SMESHNET_CHANNELS;
    keep("the stack's outputs", await sandbox.run("pulumi", ["stack", "output", "--json", "-s", STACK], checkout));
    keep("the stack's state", await sandbox.run("pulumi", ["stack", "export", "-s", STACK], checkout));
    keep("status", await verb("status", TAG, "--json"));
    for (const page of await pages(sandbox)) texts.set(page.url, page.body);

    rmSync(places(sandbox.home).archive, { recursive: true });
    writeFileSync(places(sandbox.home).archive, "not a folder");
    const unkept = await verb("retire", TAG);
    keep("a retirement whose archive cannot be kept", unkept);
    notStrictEqual(unkept.exitCode, 0);
    rmSync(places(sandbox.home).archive);
    const retired = await verb("retire", TAG);
    keep("a retirement", retired);
    strictEqual(retired.exitCode, 0, retired.stderr);
  });

  it("are in no state, log, preview, error, archive or page", () => {
    const { state, pulumiHome, logs, archive } = places(sandbox.home);
    const files = [state, logs, archive, join(pulumiHome, "workspaces"), join(checkout, "stacks")].flatMap(filesIn);
    strictEqual(files.filter((file) => file.startsWith(archive)).length > 10, true, "there is an archive to look into");
    for (const file of files) texts.set(file, contentOf(file));
    deepStrictEqual(
      [...texts].flatMap(([where, text]) => foundIn(text).map((secret) => `${secret} in ${where}`)),
      [],
    );
  });

  it("are in no command line of any child", () => {
    const lines = [...argv];
    strictEqual(
      lines.some((line) => line.includes("go-spacecraft") || line.includes("spacecraft/main.ts")),
      true,
      "children were seen",
    );
    deepStrictEqual(
      lines.filter((line) => foundIn(line).length > 0),
      [],
    );
  });

  it("are known to this test: each is where it belongs", () => {
    deepStrictEqual(Object.keys(secrets).sort(), [
      "Cloudflare token",
      "Discord webhook",
      "Kibana password",
      "client key of the cluster",
      "kubeconfig",
      "passphrase",
    ]);
    for (const [name, secret] of Object.entries(secrets)) strictEqual(secret.length >= 8, true, name);
  });

  /** Names of the secrets that a text holds, as they are or in base64. */
  const foundIn = (text: string): string[] =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")))
      .map(([name]) => name);
});

async function secretsOf(sandbox: TestSandbox): Promise<Record<string, string>> {
  const { world, home } = sandbox;
  const kubeconfig = readFileSync(join(home, "clusters/v1-2-3-1/kubeconfig"), "utf8");
  const credential = JSON.parse(readFileSync(join(home, "clusters/v1-2-3-1/credential.json"), "utf8"));
  const args = ["--kubeconfig", join(home, "clusters/v1-2-3-1/kubeconfig"), "get", "secrets", "-o", "json"];
  const { items } = JSON.parse(await sandbox.must("kubectl", args)) as { items: { data?: { password?: string } }[] };
  const password = items.find(({ data }) => data?.password)?.data?.password ?? "";
  return {
    "Cloudflare token": world.token,
    "Discord webhook": world.webhook.token,
    passphrase: PASSPHRASE,
    kubeconfig: /certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1] ?? "",
    "client key of the cluster": credential.status.clientKeyData,
    "Kibana password": Buffer.from(password, "base64").toString(),
  };
}

/** What the public reads of the network. */
async function pages({ world }: TestSandbox): Promise<{ url: string; body: string }[]> {
  const { zone, publicPort, ports } = world;
  const edge = `http://discover.net.${zone}:${publicPort}/`;
  const urls = [
    `http://${STACK}.net.${zone}:${publicPort}/`,
    `${edge}networks.json`,
    `${edge}networks/${STACK}`,
    `${edge}networks/${STACK}/config.json`,
  ];
  return Promise.all(
    urls.map(async (url) => {
      const { status, body } = await request(url, { servers: [`127.0.0.1:${ports.dns}`], zone });
      strictEqual(status, 200, url);
      return { url, body };
    }),
  );
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

const contentOf = (file: string): string =>
  (file.endsWith(".gz") ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString("utf8");

/** The command lines of all processes of this machine (proc(5)). */
function commandLines(): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return []; // it has ended in the meantime
    }
  });
}

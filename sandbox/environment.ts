import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CHECKOUT, type Driver, driverOf, places, SandboxError, type World } from "./home";
import { SHARED } from "./kubernetes/cluster-record";
import { directoryOf } from "./tls/public-side";

/** Where set-up puts the tools of this checkout. */
export interface Toolchain {
  /** Folder of executables. */
  readonly bin: string;
  /** Folder of Pulumi's plugins, laid out as in PULUMI_HOME. */
  readonly plugins: string;
}

/** @throws {SandboxError} when set-up has not run. */
export function toolchain(): Toolchain {
  const file = join(CHECKOUT, "node_modules/.cache/smeshnet/toolchain.json");
  if (!existsSync(file)) throw new SandboxError("The tools are not set up. Run `npm run setup`.");
  return JSON.parse(readFileSync(file, "utf8")) as Toolchain;
}

/** CPU, memory and disk of a node or poet here. The nodes of the shared cluster have 96 cores together. */
const LITTLE = { cpu: "100m", memory: "64Mi", disk: "1Gi" };

/** The size of a network in the sandbox: small and quick, with everything in it. */
const SIZES: Readonly<Record<Driver, Readonly<Record<string, string>>>> = {
  spacecraft: {
    MINERS: "10",
    BOOTNODES: "3",
    LAYERS_PER_EPOCH: "4",
    POET_PHASE_SHIFT: "4",
    // Proof generation takes a whole core while it runs; here it runs one second per epoch.
    POET_CYCLE_GAP: "7",
  },
  kubernetes: {
    MINERS: "5",
    BOOTNODES: "2",
    LAYERS_PER_EPOCH: "8",
    POET_PHASE_SHIFT: "6",
    // A round takes the rest of an epoch of 16 seconds, so poet computes half of the time, at low priority.
    POET_CYCLE_GAP: "8",
    RESOURCES: JSON.stringify({ node: LITTLE, poet: LITTLE }),
    STORAGE_CLASS: "default",
  },
};

/** The same for both drivers. */
const SMALL = {
  POETS: "1",
  GENESIS_DELAY: "0",
  LAYER_DURATION: "2",
  NETWORK_TIMEOUT: "300",
  READY_TIMEOUT: "60",
  RETIRE_AFTER: "0",
  // A simmer of seven days takes seven times this many seconds.
  SIMMER_DAY: "6",
  SIMMER_LIMIT: "10",
};

/**
 * The same in every sandbox: the CLI keeps a stack's salt in the checkout, and sandboxes side by side have stacks of
 * the same names. It guards only secrets of the sandbox.
 */
const PASSPHRASE = "sandbox";

/** Where the clusters of go-spacecraft are. */
const GCP = { GCP_PROJECT: "sandbox", GCP_LOCATION: "local", GCP_ZONE: "local-a" };

/** A token for each part, so that nothing here works that needs the rights of another part. */
const tokensAtCloudflare = ({ token, scopedTokens }: World): Record<string, string> =>
  scopedTokens
    ? {
        CLOUDFLARE_DNS_TOKEN: scopedTokens.dns,
        CLOUDFLARE_KV_TOKEN: scopedTokens.kv,
        CLOUDFLARE_WORKERS_TOKEN: scopedTokens.workers,
      }
    : { CLOUDFLARE_API_TOKEN: token };

/** Variables that make plain `pulumi`, `kubectl` and `smeshnet` work in the sandbox. They override the caller's. */
export function environment(home: string, world: World, path = process.env.PATH ?? ""): Record<string, string> {
  const { state, pulumiHome, archive, repository, kubeconfig, trusted } = places(home);
  const driver = driverOf(world);
  const ours = {
    ZONE: world.zone,
    ZONE_ID: world.zoneId,
    ACCOUNT_ID: world.accountId,
    ...publicSide(world),
    DNS_SERVERS: `127.0.0.1:${world.ports.dns}`,
    DISCOVERY_HOST: `discover.net.${world.zone}`,
    NODE_REPOSITORY: `file://${repository}`,
    ARCHIVE: `file://${archive}`,
    SIMMER_KEY: world.simmerKeys.public,
    DRIVER: driver,
    ...(world.monitoring ? { MONITORING: "true" } : {}),
    ...(driver === "kubernetes" ? { KUBE_CONTEXT: SHARED } : GCP),
  };
  const settings = Object.entries({ ...SMALL, ...SIZES[driver], ...ours }).map(([key, value]) => [
    `SMESHNET_${key}`,
    value,
  ]);
  return {
    SANDBOX_HOME: home,
    ...(driver === "kubernetes" ? { KUBECONFIG: kubeconfig } : {}),
    PATH: [join(CHECKOUT, "node_modules/.bin"), toolchain().bin, join(CHECKOUT, "sandbox/bin"), path].join(delimiter),
    PULUMI_HOME: pulumiHome,
    // Without this query the engine writes two files for one state, and a reader meets one of them empty.
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_OPTION_POLICY_PACK: join(CHECKOUT, "policy"), // also for a bare `pulumi up`
    CLOUDFLARE_BASE_URL: `http://127.0.0.1:${world.ports.cloudflare}/client/v4`,
    ...tokensAtCloudflare(world),
    DISCORD_WEBHOOK: `http://127.0.0.1:${world.ports.discord}/api/webhooks/${world.webhook.id}/${world.webhook.token}`,
    GITHUB_API_URL: `http://127.0.0.1:${world.ports.github}`,
    GITHUB_TOKEN: world.githubTokens.own,
    SIMMER_PRIVATE_KEY: world.simmerKeys.private,
    SMESHNET_RECORD_KEY: world.recordKey ?? "",
    // gRPC prefers a variable of its own, which a machine may have set.
    ...(world.tls ? { NODE_EXTRA_CA_CERTS: trusted, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: trusted } : {}),
    ...Object.fromEntries(settings),
  };
}

const publicSide = ({ tls, publicPort }: World): Record<string, string> =>
  tls
    ? { TLS: "true", PORT: `${tls.port}`, HTTP_PORT: `${publicPort}`, ACME_DIRECTORY: directoryOf(tls.authority) }
    : { TLS: "false", PORT: `${publicPort}` };

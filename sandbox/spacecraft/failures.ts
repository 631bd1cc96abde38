/** Steps of createNetwork that can fail on request. */
export type Step = "cluster" | "config" | "poet" | "miner" | "start" | "bucket";

/** A requested failure: the step's own error, a step that never ends, or a reported success without a network. */
export type Failure = { readonly kind: "error" | "hang"; readonly step: Step } | { readonly kind: "lie" };

/** Error text of each step, as GKE, the API server, poet and the bucket write it. */
const ERRORS: Readonly<Record<Step, string>> = {
  cluster:
    'rpc error: code = ResourceExhausted desc = Insufficient regional quota to satisfy request: resource "CPUS": ' +
    "request requires '32.0' and is short '8.0'. project has a quota of '24.0' with '24.0' available.",
  config: "open ./artifacts/mininet/miner/config.json: no such file or directory",
  poet: 'persistentvolumeclaims "poet-1" is forbidden: exceeded quota: storage',
  miner: 'Post "https://127.0.0.1/apis/apps/v1/namespaces/default/deployments": net/http: TLS handshake timeout',
  start: '{"error":"gateway not reachable","code":2,"message":"gateway not reachable","details":[]}',
  bucket:
    "googleapi: Error 403: the service account does not have storage.objects.create access to the Google Cloud " +
    "Storage object., forbidden",
};

/**
 * Parses SANDBOX_SPACECRAFT_FAIL: `STEP`, `hang:STEP` or `lie`; undefined when it is empty.
 * @throws for any other text
 */
export function parseFailure(text: string | undefined): Failure | undefined {
  if (!text) return undefined;
  if (text === "lie") return { kind: "lie" };
  const [, hang, step = ""] = /^(hang:)?(.*)$/.exec(text) ?? [];
  if (step in ERRORS) return { kind: hang ? "hang" : "error", step: step as Step };
  const steps = Object.keys(ERRORS).join("|");
  throw new Error(`SANDBOX_SPACECRAFT_FAIL is "${text}", expected ${steps}, hang:STEP or lie.`);
}

/** Fails or hangs if the failure is for this step. */
export async function failAt(step: Step, failure: Failure | undefined): Promise<void> {
  if (!failure || failure.kind === "lie" || failure.step !== step) return;
  if (failure.kind === "error") throw new Error(ERRORS[step]);
  await new Promise(() => setInterval(() => undefined, 60_000)); // the timer keeps the process alive
}

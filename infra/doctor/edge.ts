import type { Cloudflare } from "../base/clients/cloudflare";
import { UserError } from "../base/lib/errors";
import {
  CLOUDFLARE_TOKEN,
  CLOUDFLARE_TOKENS,
  type CloudflarePart,
  type CloudflareToken,
  type CloudflareTokens,
  tokenFor,
} from "../base/model/cloudflare-token";
import type { Settings } from "../base/model/settings";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

/** Opens Cloudflare's API with one token for all its parts, under a time limit. */
export type OpenCloudflare = (token: string | undefined, signal: AbortSignal) => Cloudflare;

/** Settings that say what is asked of Cloudflare; those that are wrong are absent. */
export type AtEdge = Partial<Pick<Settings, "zone" | "subdomain" | "zoneId" | "accountId" | "discoveryHost">>;

const PARTS = ["dns", "kv", "workers"] as const;

/** The questions to Cloudflare: each token that is in use, for the rights of its parts. Rights are tried by reading only. */
export const edgeChecks = (open: OpenCloudflare, tokens: CloudflareTokens, settings: AtEdge): Check[] =>
  tokensInUse(tokens).map(({ variable, token, parts }) => {
    const ask = (signal: AbortSignal): Cloudflare => open(token, signal);
    const name = "cloudflare.token";
    if (!token) return { name, ask: async () => found(tokenMissing(parts)) };
    return {
      name,
      async ask(signal) {
        const judged = judgeToken(variable, await ask(signal).verifyToken(settings.accountId));
        return {
          findings: [judged],
          next: judged.state === "fail" ? [] : readings(ask, { variable, parts }, settings),
        };
      },
    };
  });

interface TokenInUse extends CloudflareToken {
  readonly parts: readonly CloudflarePart[];
}

/** The tokens, each with the parts that it serves. */
export function tokensInUse(tokens: CloudflareTokens): TokenInUse[] {
  const variables = [CLOUDFLARE_TOKEN, ...PARTS.map((part) => CLOUDFLARE_TOKENS[part])];
  return variables.flatMap((variable) => {
    const parts = PARTS.filter((part) => tokenFor(part, tokens).variable === variable);
    const [first] = parts;
    return first === undefined ? [] : [{ ...tokenFor(first, tokens), parts }];
  });
}

/** @param parts that no token serves */
export function tokenMissing(parts: readonly CloudflarePart[]): Finding {
  const own = parts.map((part) => CLOUDFLARE_TOKENS[part]).join(" and ");
  const what = `${CLOUDFLARE_TOKEN} is not set, nor is ${own}`;
  return fail("cloudflare.token", what, "Make a token with the rights that docs/operating.md names");
}

/** @param status as Cloudflare tells it: active, disabled or expired */
export function judgeToken(
  variable: string,
  { status, expires }: { readonly status: string; readonly expires?: string },
): Finding {
  const name = "cloudflare.token";
  if (status !== "active")
    return fail(name, `${variable} is ${status}`, "Make a new token with the rights that docs/operating.md names");
  return ok(name, `${variable} is active${expires === undefined ? "" : ` until ${expires}`}`);
}

function readings(
  open: (signal: AbortSignal) => Cloudflare,
  { variable, parts }: Pick<TokenInUse, "variable" | "parts">,
  { zone, subdomain, zoneId, accountId, discoveryHost }: AtEdge,
): Check[] {
  /** A look that needs a right. Cloudflare's refusal means that the token lacks it, or that the id is another's. */
  const judged = (
    name: string,
    right: string,
    judge: (cloudflare: Cloudflare) => Promise<Finding>,
    without?: "warn",
  ): Check => ({
    name,
    ...(without && { without }),
    async ask(signal) {
      try {
        return found(await judge(open(signal)));
      } catch (error) {
        if (!(error instanceof UserError && error.code === "CloudflareRefused")) throw error;
        throw new UserError(error.code, error.what, `Give ${variable} the right ${right}, or correct the id.`);
      }
    },
  });
  const look = (name: string, right: string, see: (cloudflare: Cloudflare) => Promise<string>): Check =>
    judged(name, right, async (cloudflare) =>
      ok(name, `${await see(cloudflare)} can be read with ${variable}`, `the right ${right}`),
    );
  const ofZone = (id: string): Check[] => [
    // A token may edit records without a right to read the zone itself.
    judged(
      "cloudflare.zone",
      "Zone Read",
      async (api) => judgeZone({ zone, subdomain }, id, await api.zoneName(id)),
      "warn",
    ),
    look("cloudflare.dns", "DNS Edit", async (cloudflare) => {
      await cloudflare.dnsRecordsNamed(id, discoveryHost ?? zone ?? "");
      return "DNS records";
    }),
  ];
  const checks: Readonly<Record<CloudflarePart, () => readonly Check[]>> = {
    dns: () => (zoneId === undefined ? [unasked("cloudflare.zone", "zoneId")] : ofZone(zoneId)),
    kv: () =>
      accountId === undefined
        ? [unasked("cloudflare.kv", "accountId")]
        : [
            look("cloudflare.kv", "Workers KV Storage Edit", async (cloudflare) => {
              return `${(await cloudflare.kvNamespaces(accountId)).length} KV namespaces`;
            }),
          ],
    workers: () =>
      accountId === undefined
        ? []
        : [
            look("cloudflare.workers", "Workers Scripts Edit", async (cloudflare) => {
              return `${(await cloudflare.workerScripts(accountId)).length} Workers`;
            }),
          ],
  };
  return parts.flatMap((part) => checks[part]());
}

/** A question that cannot be asked, since a setting is wrong. */
export const unasked = (name: string, ...keys: readonly string[]): Check => ({
  name,
  async ask() {
    const what = `not asked, since a setting is missing or wrong: ${keys.map((key) => `smeshnet:${key}`).join(", ")}`;
    return found(warn(name, what, "Correct it, then run `smeshnet doctor` again"));
  },
});

/** The subdomain may be a zone of its own, to which the zone delegates. @param found name of the zone at Cloudflare */
export function judgeZone({ zone, subdomain }: Pick<AtEdge, "zone" | "subdomain">, id: string, found: string): Finding {
  const name = "cloudflare.zone";
  if (zone === undefined || found === zone || found === `${subdomain}.${zone}`)
    return ok(name, `zone ${id} is ${found}`);
  return fail(name, `zone ${id} is ${found}, but smeshnet:zone is ${zone}`, "Correct smeshnet:zoneId or smeshnet:zone");
}

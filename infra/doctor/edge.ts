import type { Cloudflare } from "../base/clients/cloudflare";
import type { Settings } from "../base/model/settings";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

/** Opens Cloudflare's API under a time limit. */
export type OpenCloudflare = (signal: AbortSignal) => Cloudflare;

/** Settings that say what is asked of Cloudflare; those that are wrong are absent. */
export type AtEdge = Partial<Pick<Settings, "zone" | "zoneId" | "accountId" | "discoveryHost">>;

/** The questions to Cloudflare. Rights are tried by reading only. */
export const edgeCheck = (open: OpenCloudflare, settings: AtEdge): Check => ({
  name: "cloudflare.token",
  async ask(signal) {
    const token = judgeToken(await open(signal).verifyToken(settings.accountId));
    return { findings: [token], next: token.state === "fail" ? [] : readings(open, settings) };
  },
});

/** @param status as Cloudflare tells it: active, disabled or expired */
export function judgeToken({ status, expires }: { readonly status: string; readonly expires?: string }): Finding {
  const name = "cloudflare.token";
  if (status !== "active")
    return fail(
      name,
      `CLOUDFLARE_API_TOKEN is ${status}`,
      "Make a new token with the rights that docs/kubernetes.md names",
    );
  return ok(name, `CLOUDFLARE_API_TOKEN is active${expires === undefined ? "" : ` until ${expires}`}`);
}

function readings(open: OpenCloudflare, { zone, zoneId, accountId, discoveryHost }: AtEdge): Check[] {
  const ofZone = (id: string): Check[] => [
    {
      name: "cloudflare.zone",
      without: "warn", // a token may edit records without a right to read the zone itself
      ask: async (signal) => found(judgeZone(zone, id, await open(signal).zoneName(id))),
    },
    {
      name: "cloudflare.dns",
      async ask(signal) {
        await open(signal).dnsRecordsNamed(id, discoveryHost ?? zone ?? "");
        return found(ok("cloudflare.dns", "DNS records can be read", "the right DNS Edit"));
      },
    },
  ];
  const ofAccount = (id: string): Check[] => [
    {
      name: "cloudflare.kv",
      async ask(signal) {
        const { length } = await open(signal).kvNamespaces(id);
        return found(ok("cloudflare.kv", `${length} KV namespaces can be read`, "the right Workers KV Storage Edit"));
      },
    },
    {
      name: "cloudflare.workers",
      async ask(signal) {
        const { length } = await open(signal).workerScripts(id);
        return found(ok("cloudflare.workers", `${length} Workers can be read`, "the right Workers Scripts Edit"));
      },
    },
  ];
  return [
    ...(zoneId === undefined ? [unasked("cloudflare.zone", "zoneId")] : ofZone(zoneId)),
    ...(accountId === undefined ? [unasked("cloudflare.kv", "accountId")] : ofAccount(accountId)),
  ];
}

/** A question that cannot be asked, since a setting is wrong. */
export const unasked = (name: string, ...keys: readonly string[]): Check => ({
  name,
  async ask() {
    const what = `not asked, since a setting is missing or wrong: ${keys.map((key) => `smeshnet:${key}`).join(", ")}`;
    return found(warn(name, what, "Correct it, then run `smeshnet doctor` again"));
  },
});

/** @param found name of the zone at Cloudflare */
export function judgeZone(zone: string | undefined, id: string, found: string): Finding {
  const name = "cloudflare.zone";
  if (zone === undefined || found === zone) return ok(name, `zone ${id} is ${found}`);
  return fail(name, `zone ${id} is ${found}, but smeshnet:zone is ${zone}`, "Correct smeshnet:zoneId or smeshnet:zone");
}

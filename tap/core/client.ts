import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Proxies whose word counts about who asks. */
export class TrustedProxies {
  private readonly list = new BlockList();

  /** @param proxies addresses and networks such as `10.0.0.0/8`, which {@link isNetwork} takes */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = "", bits] = proxy.split("/");
      const family = isIPv6(address) ? "ipv6" : "ipv4";
      this.list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    }
  }

  has(address: string): boolean {
    return this.list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  }
}

/** Whether a text is an address or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", bits = "0", ...rest] = text.split("/");
  const most = isIPv6(address) ? 128 : 32;
  return rest.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/**
 * Who asks, as the limits count it: an IPv4 address, or the /64 of an IPv6 address, which one household has.
 * @param peer address at the other end of the connection
 * @param forwarded header `X-Forwarded-For`. Only the part that trusted proxies wrote counts: from its end to the first
 * address that is no proxy of ours.
 */
export function clientOf(peer: string, forwarded: string | undefined, trusted: TrustedProxies): string {
  let client = plain(peer);
  for (const hop of (forwarded ?? "").split(",").reverse()) {
    const address = plain(hop.trim());
    if (!trusted.has(client) || isIP(address) === 0) break;
    client = address;
  }
  return isIPv6(client) ? `${groups(client).slice(0, 4).join(":")}::/64` : client;
}

/** An IPv4 address that is written as IPv6 is that IPv4 address. */
function plain(address: string): string {
  const [, mapped = ""] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return isIPv4(mapped) ? mapped : address;
}

/** The first four groups of an IPv6 address, in one spelling. */
function groups(address: string): string[] {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  // A dotted end takes the room of two groups.
  const length = first.length + last.length + (address.includes(".") ? 1 : 0);
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - length)).fill("0");
  return [...first, ...zeros, ...last].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}

import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Addresses at which nobody outside their own network can be reached (IANA's registries of special addresses). */
const PRIVATE = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared by a provider's customers
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15], // for benchmarks
  ["224.0.0.0", 3], // multicast, reserved and broadcast
] as const)
  PRIVATE.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  ["::", 127], // unspecified, loopback
  ["64:ff9b:1::", 48],
  ["fc00::", 7], // unique local
  ["fe80::", 10], // link-local
  ["ff00::", 8], // multicast
] as const)
  PRIVATE.addSubnet(net, bits, "ipv6");

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

const isIn = (list: BlockList, address: string): boolean => {
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : undefined;
  return family !== undefined && list.check(address, family); // finds an IPv4 address inside an IPv6 one, too
};

/** Whether an address leads to this machine itself. */
export const isLoopback = (address: string): boolean => isIn(LOOPBACK, address);

/**
 * Whether only some network of its own reaches an address: private, shared, link-local, unique local, loopback. Those
 * for documentation are not among them: nothing answers there, so the deployment finds out by itself.
 */
export const isPrivate = (address: string): boolean => isLoopback(address) || isIn(PRIVATE, address);

/** The type of the DNS record that leads to an address or to a host. */
export function recordTypeOf(content: string): "A" | "AAAA" | "CNAME" {
  if (isIPv4(content)) return "A";
  return isIPv6(content) ? "AAAA" : "CNAME";
}

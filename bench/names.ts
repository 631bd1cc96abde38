import { promises as dns } from "node:dns";

/** An address and the seconds that it may be kept: the shortest time to live on the way to it. */
export interface Resolved {
  readonly address: string;
  readonly ttl: number;
}

export type Resolve = (host: string) => Promise<Resolved>;

/** Queries a name server as a stub resolver does. @param server `address:port` */
export function stubResolver(server: string): Resolve {
  const resolver = new dns.Resolver({ timeout: 1000, tries: 3 });
  resolver.setServers([server]);
  return async (host) => {
    const [first] = await resolver.resolve4(host, { ttl: true }); // c-ares includes the aliases' times to live
    if (!first) throw new Error(`${host} has no address`);
    return first;
  };
}

/** The same for a client that keeps addresses for their time to live. @param now milliseconds since 1970 */
export function keeping(resolve: Resolve, now: () => number = Date.now): Resolve {
  const kept = new Map<string, { readonly answer: Promise<Resolved>; until: number }>();
  return (host) => {
    const known = kept.get(host);
    if (known && now() < known.until) return known.answer;
    // Callers during a query wait for the same answer.
    const entry = { answer: resolve(host), until: Number.POSITIVE_INFINITY };
    kept.set(host, entry);
    entry.answer.then(
      ({ ttl }) => {
        entry.until = now() + ttl * 1000;
      },
      () => kept.delete(host),
    );
    return entry.answer;
  };
}

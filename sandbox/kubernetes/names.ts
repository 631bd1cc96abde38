import { isIP } from "node:net";
import type { V1Service } from "@kubernetes/client-node";
import { loopbackOf } from "./address-plan";
import type { ContainerContext } from "./program";
import { hasAddress } from "./service-environment";

/*
 * Names of Services. A cluster of the sandbox has no DNS server, and the machine's own resolver knows no Service. A
 * simulator asks `resolveService`; a real program gets its arguments and files with addresses in place of names
 * (`withAddresses`).
 */

/** What the functions here need of a container. */
export type Named = Pick<ContainerContext, "namespace" | "env" | "resolve">;

/** Ends of a Service's full name (kubernetes.io, "DNS for Services and Pods"). */
const SUFFIX = /(\.svc)?(\.cluster\.local)?\.?$/;

/**
 * Loopback address of a Service by `poet-1`, `poet-1.NAMESPACE`, `poet-1.NAMESPACE.svc` or
 * `poet-1.NAMESPACE.svc.cluster.local`; undefined for a Service that does not exist or has no address.
 * @param services by `NAMESPACE/NAME`
 */
export function serviceAddress(
  services: ReadonlyMap<string, V1Service>,
  name: string,
  namespace: string,
): string | undefined {
  const [service = "", other = namespace, ...rest] = name.replace(SUFFIX, "").split(".");
  const found = rest.length === 0 ? services.get(`${other}/${service}`) : undefined;
  return found && hasAddress(found) ? loopbackOf(found.spec?.clusterIP ?? "") : undefined;
}

/**
 * The address at which a container reaches a host: a Service's by its name, an address as it is (a cluster's 10.N.a.b
 * as 127.N.a.b). Undefined for every other name. Asks the cluster each time, so a Service made after the pod is found.
 */
export function resolveService(context: Named, host: string): string | undefined {
  if (host === "localhost") return "127.0.0.1";
  if (isIP(host)) return loopbackOf(host);
  const known = context.resolve?.(host);
  if (known !== undefined || context.resolve) return known;
  // Outside of a cluster, as in unit tests, the variables of Services are all there is.
  return context.env[`${host.toUpperCase().replaceAll("-", "_")}_SERVICE_HOST`];
}

const HOST = "[a-z0-9][a-z0-9.-]*";
/** `http://HOST`, `/dns4/HOST`, and `HOST:PORT` as a whole. */
const URL_HOST = new RegExp(`^([a-z][a-z0-9+.-]{0,20}://)(${HOST})(?=[:/?#]|$)`, "i");
const MULTIADDR = new RegExp(`^/dns[46]?/(${HOST})(?=/|$)`, "i");
const HOST_PORT = new RegExp(`^(${HOST})(?=:\\d{1,5}$)`, "i");

/**
 * A text in which the name of a Service is its address: a URL, a multiaddress of libp2p, or `HOST:PORT`. Every other
 * text, and every other host, stays as it is.
 */
export function withAddress(context: Named, text: string): string {
  const address = (host: string) => (isIP(host) ? undefined : resolveService(context, host));
  return text
    .replace(URL_HOST, (found, scheme: string, host: string) => {
      const at = address(host);
      return at === undefined ? found : `${scheme}${at}`;
    })
    .replace(MULTIADDR, (found, host: string) => {
      const at = address(host);
      return at === undefined ? found : `/ip4/${at}`;
    })
    .replace(HOST_PORT, (host) => address(host) ?? host);
}

/** The same for every text inside of a JSON document, and for each part of a list with commas. */
export function withAddresses(context: Named, value: unknown): unknown {
  if (typeof value === "string")
    return value
      .split(",")
      .map((part) => withAddress(context, part))
      .join(",");
  if (Array.isArray(value)) return value.map((one) => withAddresses(context, one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withAddresses(context, one)]));
}

import { parsedObject } from "../infra/base/lib/json";

/** The channel that has a host. @param channels the binding CHANNELS, `{"test.net.spacemesh.io":"testnet"}` */
export function channelAt(host: string, channels = "{}"): string | undefined {
  const named = new Map(Object.entries(parsedObject(channels) ?? {}));
  const channel = named.get(host.toLowerCase());
  return typeof channel === "string" ? channel : undefined;
}

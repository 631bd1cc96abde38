/** The channel that has a host, as the binding CHANNELS tells it: `{"test.net.spacemesh.io":"testnet"}`. Pure. */
export function channelAt(host: string, channels: string | undefined): string | undefined {
  const named = new Map(Object.entries(JSON.parse(channels ?? "{}") as Record<string, string>));
  return named.get(host.toLowerCase());
}

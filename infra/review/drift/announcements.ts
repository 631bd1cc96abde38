import type { Finding } from "./model";

/** A record of an announcement: `announcements/CHANNEL/GENERATION/intent-N.json`, `not-sent-N.json` or `sent.json`. */
const KEY = /^announcements\/([^/]+)\/(\d+)\/(?:(intent|not-sent)-(\d+)|(sent))\.json$/;

/** The announcements of which nobody knows whether they were sent: begun, and neither sent nor given up. */
export function uncertain(keys: readonly string[], channels: readonly string[]): Finding[] {
  const all = new Map<string, { channel: string; generation: number; open: Set<number>; isSent: boolean }>();
  for (const key of [...keys].sort()) {
    const [, channel, generation, what, number, sent] = KEY.exec(key) ?? [];
    if (channel === undefined || !channels.includes(channel)) continue;
    const id = `${channel}/${generation}`;
    const one = all.get(id) ?? { channel, generation: Number(generation), open: new Set<number>(), isSent: false };
    // In the order of names, intents come before what became of them.
    if (what === "intent") one.open.add(Number(number));
    if (what === "not-sent") one.open.delete(Number(number));
    all.set(id, { ...one, isSent: one.isSent || sent !== undefined });
  }
  return [...all.values()]
    .filter(({ open, isSent }) => open.size > 0 && !isSent)
    .map(({ channel, generation }) => ({
      kind: "uncertain",
      what: `announcement ${generation} of ${channel}`,
      why: "its sending began, and nobody knows how it ended; look at the Discord channel first",
      mend: `smeshnet announce ${channel} ${generation} --sent MESSAGE_ID (or --not-sent)`,
    }));
}

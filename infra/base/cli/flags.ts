/** The flags that promote and demote share, as `util.parseArgs` takes them. */
export const CHANNEL_FLAGS = {
  channel: { type: "string" },
  reason: { type: "string" },
  against: { type: "string" },
  preview: { type: "boolean" },
  json: { type: "boolean" },
  events: { type: "string" },
} as const;

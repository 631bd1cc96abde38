/** The variable of a command that runs as a step of an engine. Such a command stops when the engine is gone. */
export const STEP_VARIABLE = "SMESHNET_STEP";

/**
 * Names of the resources of a version stack, in the order of their creation. They are contracts: the state of every
 * stack holds them, and other commands find them there. The poets are `poet-1`, `poet-2` and so on.
 */
export const STEPS = {
  devnext: "devnext",
  history: "history",
  network: "network",
  logArchive: "log-archive",
  smoke: "smoke",
  nodeService: "node-api",
  explorer: "explorer",
  dashboard: "dash",
  gateway: "gateway",
  discovery: "discovery",
  dns: "dns",
  page: "page",
  devnet: "devnet",
  guard: "guard",
} as const;

/** Names of the resources of a channel stack, in the order of their creation. They are contracts too. */
export const CHANNEL_STEPS = {
  gate: "gate",
  dns: "dns",
  page: "page",
  proof: "moved",
  announcement: "announcement",
} as const;

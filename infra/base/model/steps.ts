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
  protection: "protection",
  nodeService: "node-api",
  explorer: "explorer",
  dashboard: "dash",
  tap: "tap",
  gateway: "gateway",
  monitoring: "monitoring",
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

/**
 * The variable by which our engine calls tell the policy pack which network step the stack's state holds: its URN and
 * inputs as JSON, `{}` without one. It spares the pack a look of its own.
 */
export const STORED_NETWORK_VARIABLE = "SMESHNET_STORED_NETWORK";

/** Whether a resource is the step that creates the network of a version stack. */
export const isNetworkStep = (urn: string): boolean =>
  urn.endsWith(`::smeshnet:components:Network$command:local:Command::${STEPS.network}`);

/** Whether a resource is the guard of a version stack, which registers last. */
export const isGuard = (urn: string): boolean => urn.endsWith(`::smeshnet:components:RetirementGuard::${STEPS.guard}`);

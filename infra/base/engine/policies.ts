import { join } from "node:path";

/**
 * The policy pack, for every update and preview of ours: what must never happen, whoever runs it (policy/index.ts). A
 * destroy runs without: the guard's step refuses there.
 */
export const POLICIES = { policyPacks: [join(__dirname, "../../../policy")] };

import type { TagPlan } from "./plan";

/** @throws {UserError} with the first rule that a tag would break */
export async function requireGood(_folder: string, _plan: TagPlan): Promise<void> {}

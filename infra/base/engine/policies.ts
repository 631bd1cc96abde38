import { join, resolve } from "node:path";
import { STORED_NETWORK_VARIABLE } from "../model/steps";
import { type Exported, networkStepOf } from "./state";

/** The folder of the policy pack: what must never happen, whoever runs the engine (policy/index.ts). */
export const PACK = join(__dirname, "../../../policy");

/**
 * The CLI takes each of its flags from a variable of this form too. With this one a bare `pulumi up` runs the pack; an
 * engine that got both would ask each policy twice.
 */
const { PULUMI_OPTION_POLICY_PACK: given = "" } = process.env;

/**
 * Options of every update and preview of ours, so that the policy pack runs in it. A destroy runs without: the guard's
 * step refuses there.
 */
export const POLICIES = {
  policyPacks: given.split(",").some((path) => path !== "" && resolve(path) === PACK) ? [] : [PACK],
};

/**
 * Variables of an engine that runs the policy pack, from the stack's state as it was read just before. Without a state
 * the pack reads it itself, which takes a third of a second.
 */
export function policyVariables(state: Exported | undefined): Record<string, string> {
  if (!state) return {};
  const { urn, inputs } = networkStepOf(state) ?? {};
  return { [STORED_NETWORK_VARIABLE]: JSON.stringify({ urn, inputs }) };
}

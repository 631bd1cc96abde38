import { effectiveGenesis } from "../base/model/network-facts";
import { isGood } from "../base/model/verdict";
import { countedSeconds } from "./certificate/statement";

import type { State, Terms } from "./entry";

/** Healthy and slow time so far, in seconds. */
export const countedTime = ({ memory }: State): number => countedSeconds(memory.observed);

/** Healthy and slow time that the certificate needs, in seconds. */
export const neededTime = ({ days, day }: Pick<Terms, "days" | "day">): number => days * day;

/** Day of the simmer by the network's own clock, from 0 at the effective genesis; undefined before it. */
export function today({ memory }: State, { network, day }: Terms): number | undefined {
  const since = memory.time - effectiveGenesis(network) * network.layerDuration;
  return since < 0 || memory.time === 0 ? undefined : Math.floor(since / day);
}

/** The day on which explorer and dashboard are still to be visited; undefined when nothing is due. */
export function visitDue(state: State, terms: Terms): number | undefined {
  const day = today(state, terms);
  return day === undefined || state.visits.includes(day) ? undefined : day;
}

/** Days since the first visit on which nobody visited explorer and dashboard, without today. */
export function missedVisits(state: State, terms: Terms): number[] {
  const first = state.visits[0];
  const now = today(state, terms);
  if (first === undefined || now === undefined) return [];
  return Array.from({ length: now - first }, (_, i) => first + i).filter((day) => !state.visits.includes(day));
}

/** What a network lacks for its certificate, as phrases; empty when nothing is missing. */
export function missingFor(state: State, terms: Terms): string[] {
  const missing: string[] = [];
  const lacking = neededTime(terms) - countedTime(state);
  if (lacking > 0) missing.push(`${(Math.ceil((lacking / terms.day) * 10) / 10).toFixed(1)} more days healthy or slow`);
  if (!isGood(state.memory.verdict)) missing.push(`a healthy network (it is ${state.memory.verdict})`);
  const visits = terms.days - state.visits.length;
  if (visits > 0) missing.push(`${visits} more daily visits of explorer and dashboard`);
  return missing;
}

/**
 * When the days of a simmer are full at the earliest, in milliseconds since 1970; undefined once they are. Nothing counts
 * before the effective genesis.
 * @param watchedAt time of the last sample, in milliseconds since 1970
 */
export function fullTime(state: State, terms: Terms, watchedAt: number): number | undefined {
  const { network } = terms;
  const lacking = neededTime(terms) - countedTime(state);
  if (lacking <= 0) return undefined;
  const first = network.genesisTime + effectiveGenesis(network) * network.layerDuration * 1000;
  return Math.max(watchedAt, first) + Math.ceil(lacking) * 1000;
}

/** A time in days, rounded so that it never says more than there was: `3.4`. */
export const dayText = (seconds: number, { day }: Pick<Terms, "day">): string =>
  (Math.floor((seconds / day) * 10) / 10).toFixed(1);

/** Whether a network has been stalled or split for so long that it is to be retired. @param limit in layers */
export const isBeyond = (state: State, terms: Terms, limit: number): boolean =>
  (state.memory.verdict === "stalled" || state.memory.verdict === "split") && isLongTroubled(state, terms, limit);

/** The same of a network that may be out of sight now, as one that is being retired. */
export const isLongTroubled = ({ memory }: State, { network }: Terms, limit: number): boolean =>
  memory.trouble >= limit * network.layerDuration;

import { z } from "zod";
import { UserError } from "../base/lib/errors";
import { parsedJson } from "../base/lib/json";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import { buildTagText, object, timeText } from "../base/model/formats";
import { ObjectExists, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

/**
 * How long a deployment keeps the place that it took while its stack holds no network yet, in milliseconds. One that is
 * killed before then gives its place back so late. One that needs longer for its first step may be counted too late.
 */
const PATIENCE = 15 * 60_000;

/** A record that a deployment is about to create a network. Its number orders it among the others. */
const Claim = object({ schema: z.literal(1, "1"), tag: buildTagText, at: timeText });

interface Taken {
  readonly number: number;
  readonly tag: string;
}

/** The limit of networks, and who knows which run. */
export interface Networks {
  /** The setting `networks`; 0 for no limit. */
  readonly limit: number;
  /** Build tags of other stacks that may hold a network. */
  readonly stacks: () => Promise<readonly string[]>;
  /** Which of them hold one. It reads every state, so it is asked only when the number matters. */
  readonly running: (stacks: readonly string[]) => Promise<readonly string[]>;
  /** Which of them no channel needs. */
  readonly free: (running: readonly string[]) => Promise<readonly string[]>;
  readonly store: Store;
}

/** A place among the networks that may run. */
export interface Place {
  /** Gives the claim up: from now on the stack's state alone tells whether the network runs. */
  leave(): Promise<void>;
}

const NO_LIMIT: Place = { leave: async () => undefined };

/**
 * Takes a place for a network before anything is paid for. Each deployment first writes a claim with the next number.
 * Then it counts the claims with lower numbers, and the networks that run. A number is given once, so of two
 * deployments at once only one sees the last place free. A claim that is given up before it is read belongs to a
 * network whose stack is there by then, so claims are read first.
 * @throws {UserError} naming the networks that run, when there is no place
 */
export async function takePlace(tag: BuildTag, networks: Networks, run: Run): Promise<Place> {
  const { limit, store } = networks;
  if (limit === 0) return NO_LIMIT;
  const text = buildTag(tag);
  const number = await claim(store, text, run);
  const place = { leave: () => leave(store, number) };
  try {
    const claims = await openClaims(store, run.clock.now());
    const ahead = claims.filter((one) => one.number < number && one.tag !== text).map((one) => one.tag);
    const stacks = await networks.stacks();
    if (new Set([...stacks, ...ahead]).size < limit) return place;
    const running = await networks.running(stacks);
    const coming = [...new Set(ahead)].filter((one) => !running.includes(one));
    if (running.length + coming.length < limit) return place;
    throw await full(text, running, coming, networks);
  } catch (error) {
    await place.leave();
    throw error;
  }
}

async function full(
  tag: string,
  running: readonly string[],
  coming: readonly string[],
  { limit, free }: Networks,
): Promise<UserError> {
  const unneeded = await free(running);
  const deploying = coming.length > 0 ? `, and ${listed(coming)} being deployed` : "";
  const retire = unneeded.length > 0 ? `Retire one that no channel needs (${listed(unneeded)})` : "Retire one";
  return new UserError(
    "NetworksTooMany",
    `${tag} has no place: the setting networks allows ${limit}, and these run: ${listed(running)}${deploying}.`,
    `${retire} with \`smeshnet retire TAG\`; \`smeshnet list\` tells more. Or raise the setting.`,
  );
}

/** Names at most so many. */
const MOST = 20;

const listed = (tags: readonly string[]): string =>
  tags.length === 0
    ? "none"
    : [...tags.slice(0, MOST), ...(tags.length > MOST ? [`${tags.length - MOST} more`] : [])].join(", ");

const FOLDER = "places/";
const claimKey = (number: number): string => `${FOLDER}${number}.json`;
const leftKey = (number: number): string => `${FOLDER}${number}-left.json`;

/** @returns the number of the claim, above all others */
async function claim(store: Store, tag: string, run: Pick<Run, "clock">): Promise<number> {
  const record = { schema: 1, tag, at: new Date(run.clock.now()).toISOString() };
  for (let number = Math.max(0, ...(await numbersIn(store)).taken) + 1; ; number++) {
    try {
      await store.put(claimKey(number), `${JSON.stringify(record, null, 2)}\n`);
      return number;
    } catch (error) {
      if (!(error instanceof ObjectExists)) throw error; // another deployment has this number
    }
  }
}

async function leave(store: Store, number: number): Promise<void> {
  try {
    await store.put(leftKey(number), "{}\n");
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
}

async function numbersIn(store: Store): Promise<{ readonly taken: number[]; readonly left: ReadonlySet<number> }> {
  const keys = await store.list(FOLDER);
  const numbers = (form: RegExp) =>
    keys.flatMap((key) => Number(form.exec(key.slice(FOLDER.length))?.[1] ?? Number.NaN) || []);
  return { taken: numbers(/^(\d{1,15})\.json$/), left: new Set(numbers(/^(\d{1,15})-left\.json$/)) };
}

/**
 * The claims of deployments that may be about to create a network. A claim of a clock that is ahead counts as well. A
 * damaged one proves nothing.
 */
async function openClaims(store: Store, now: number): Promise<Taken[]> {
  const { taken, left } = await numbersIn(store);
  const open = await Promise.all(
    taken
      .filter((number) => !left.has(number))
      .map(async (number) => {
        const { success, data } = Claim.safeParse(parsedJson(await textOf(store.get(claimKey(number)))));
        return success && now - Date.parse(data.at) < PATIENCE ? [{ number, tag: data.tag }] : [];
      }),
  );
  return open.flat();
}

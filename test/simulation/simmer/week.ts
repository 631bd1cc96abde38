import { generator } from "../faults";

/** A time on the true clock, in seconds since genesis. */
export type Span = readonly [from: number, to: number];

export type Lie = "frozen" | "ahead" | "impossible" | "other-root" | "other-genesis" | "far-clock" | "half-root";

export interface WatcherPlan {
  readonly id: string;
  /** When it runs. */
  readonly from: number;
  readonly to: number;
  /** Seconds by which its clock is wrong at a time. */
  readonly skew: number;
  readonly jump?: { readonly span: Span; readonly by: number };
  /** Times of kill -9, and how long it is down, in seconds. */
  readonly kills: readonly { readonly at: number; readonly down: number; readonly point: KillPoint }[];
}

export const KILL_POINTS = ["torn-line", "before-put", "after-put", "before-release", "idle"] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** How the answers of one node are spoiled. */
export interface Spoiled {
  readonly node: number;
  readonly span: Span;
  readonly how: "late" | "duplicate" | "reordered" | "text" | "left-out";
}

/** The failure of a network, as it truly happens. */
export interface Failure {
  readonly kind: "stall" | "split";
  readonly span: Span;
  /** Whether the network must be retired for it; a brief one must not. */
  readonly isFatal: boolean;
}

/** A week of one network, drawn from a seed. Times are in seconds since genesis. */
export interface Week {
  readonly seed: number;
  readonly nodes: number;
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  readonly every: number;
  /** End of the simulated time. */
  readonly end: number;
  readonly failures: readonly Failure[];
  readonly slow: readonly { readonly span: Span; readonly factor: number }[];
  /** Nodes that are down, fewer than half of them at a time. */
  readonly outages: readonly { readonly node: number; readonly span: Span }[];
  /** Times at which no node answers. */
  readonly blindness: readonly Span[];
  /** Times at which the watchers do not reach some nodes. */
  readonly partitions: readonly { readonly span: Span; readonly nodes: readonly number[] }[];
  readonly liars: readonly { readonly node: number; readonly lie: Lie }[];
  readonly nodeSkew: readonly number[];
  readonly spoiled: readonly Spoiled[];
  readonly storeAway: readonly Span[];
  readonly watchers: readonly WatcherPlan[];
}

export const DAY = 86_400;
/** Days that the certificate needs. */
export const DAYS = 7;
/** Layers of a stall or split until the network is retired. */
export const LIMIT = 30;
const HOUR = 3600;
const LIES: readonly Lie[] = ["frozen", "ahead", "impossible", "other-root", "other-genesis", "far-clock", "half-root"];
/** Lies under which a split can still be told from a lie: the node is believed, and shows a root. */
const LIES_IN_A_SPLIT: readonly Lie[] = ["frozen", "ahead", "other-root", "half-root"];
const SPOILS = ["late", "duplicate", "reordered", "text", "left-out"] as const;

/** Draws a week. The same seed gives the same week. */
export function drawWeek(seed: number): Week {
  const draw = generator(seed * 7919 + 17);
  for (let i = 0; i < 5; i++) draw();
  const between = (least: number, most: number) => least + draw() * (most - least);
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1));
  const chance = (share: number) => draw() < share;
  const several = <T>(most: number, make: () => T): T[] => Array.from({ length: whole(0, most) }, make);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T;

  const nodes = whole(4, 10);
  const layerDuration = pick([900, 1200, 1800]);
  const layersPerEpoch = whole(4, 12);
  const start = 2 * layersPerEpoch * layerDuration;
  const end = start + 8.5 * DAY;
  const span = (least: number, most: number): Span => {
    const from = between(0, end - most);
    return [from, from + between(least, most)];
  };

  const failures: Failure[] = [];
  const isEven = nodes % 2 === 0;
  const fate = draw();
  const failing = (kind: Failure["kind"], isFatal: boolean) => {
    const from = between(start + 4 * layerDuration, start + 6.5 * DAY);
    const length = isFatal ? end - from : between(1, 0.8 * LIMIT) * layerDuration;
    failures.push({ kind, span: [from, from + length], isFatal });
  };
  if (fate < 0.2) failing("stall", true);
  else if (fate < 0.3 && isEven) failing("split", true);
  else if (fate < 0.5) failing("stall", false);
  else if (fate < 0.6 && isEven) failing("split", false);

  // Those that lie and those that are down at one time stay below the quorum.
  const tolerated = Math.ceil(nodes / 2) - 1;
  const isFatalSplit = failures.some(({ kind, isFatal }) => kind === "split" && isFatal);
  const liars = several(tolerated, () => pick(isFatalSplit ? LIES_IN_A_SPLIT : LIES)).map((lie, i) => ({
    node: 1 + ((i * 2) % nodes),
    lie,
  }));
  const down = tolerated - liars.length;
  const outages = Array.from({ length: down }, (_, i) => nodes - i)
    .filter((node) => liars.every((liar) => liar.node !== node))
    .flatMap((node) => several(3, () => ({ node, span: span(600, DAY) })));

  const watcher = (id: string, from: number, to: number): WatcherPlan => ({
    id,
    from,
    to,
    skew: chance(0.3) ? between(-120, 120) : 0,
    ...(chance(0.2) && { jump: { span: span(HOUR, 2 * HOUR), by: pick([-1, 1]) * between(60, HOUR) } }),
    kills: several(8, () => ({
      at: between(from, to),
      down: chance(0.7) ? 1 : between(1, 2 * HOUR),
      point: pick(KILL_POINTS),
    })),
  });
  const watchers = [watcher("one", chance(0.5) ? 0 : between(0, start + HOUR), end)];
  if (chance(0.3)) {
    const from = between(0, end - DAY);
    watchers.push(watcher("two", from, from + between(2 * HOUR, DAY)));
  }

  return {
    seed,
    nodes,
    layerDuration,
    layersPerEpoch,
    every: layerDuration / 4,
    end,
    failures,
    // A slow network that stalls took its last step some time before, so nobody could say when the stall began.
    slow: several(2, () => ({ span: span(2 * HOUR, 8 * HOUR), factor: between(1.2, 6) })).filter(
      ({ span: [from, to] }) => failures.every((failure) => failure.span[0] < from || failure.span[0] > to + HOUR),
    ),
    outages,
    blindness: several(2, () => span(600, 5 * HOUR)),
    partitions: several(2, () => ({
      span: span(600, 5 * HOUR),
      nodes: Array.from({ length: nodes }, (_, i) => i + 1).filter(() => chance(0.5)),
    })),
    liars,
    nodeSkew: Array.from({ length: nodes }, () => (chance(0.2) ? between(-120, 120) : between(-2, 2))),
    spoiled: several(4, () => ({ node: whole(1, nodes), span: span(600, DAY), how: pick(SPOILS) })),
    storeAway: several(2, () => span(60, 1.5 * HOUR)),
    watchers,
  };
}

export const within = (time: number, [from, to]: Span): boolean => time >= from && time < to;

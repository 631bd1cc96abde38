import { styleText } from "node:util";
import { visibleLine } from "../../base/lib/visible";
import type { DeploymentFailure } from "../../base/model/deployment-failure";
import { failureWords } from "../../base/model/failure-words";
import { utc } from "../../base/web/format";
import type { ListedChannel, ListedNetwork, NextStep, Overview, Unread } from "./model";

/** How the overview is printed. */
export interface Page {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether words that matter are coloured. */
  readonly colour: boolean;
}

/** A narrower terminal breaks lines by itself. */
const NARROWEST = 40;

/** A row of a table, and the lines below it. */
interface Row {
  readonly cells: readonly string[];
  readonly details: readonly string[];
}

/** The overview for people: networks, channels, then what else there is. Ages count from the time that it was read. */
export function renderOverview(overview: Overview, page: Page): string[] {
  const { networks, channels, others, unread, at } = overview;
  const paper = new Paper({ ...page, width: Math.max(page.width, NARROWEST) });
  const now = Date.parse(at);
  const tables = [
    table(
      ["NETWORK", "STATE", "DAY", "VERDICT", "AGE"],
      networks.map((one) => networkRow(one, now, paper)),
      paper,
    ),
    table(
      ["CHANNEL", "POINTS TO", "GENERATION", "AGE"],
      channels.map((one) => channelRow(one, now, paper)),
      paper,
    ),
    table(
      ["OTHER STACK"],
      others.map(({ stack, next }) => ({ cells: [stack], details: paper.next(next, now) })),
      paper,
    ),
    unread.flatMap((one) => paper.unread(one)),
  ];
  const lines = tables.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
  return networks.length + channels.length + others.length > 0 ? lines.slice(1) : ["nothing is deployed yet"];
}

function networkRow(network: ListedNetwork, now: number, paper: Paper): Row {
  const { tag, state, failure, supersededBy, simmer, openedAt, hosts, holds, next, unread } = network;
  const isThere = state !== "not deployed" && state !== "unknown";
  const day = simmer ? `${simmer.day.toFixed(1)} of ${simmer.days}` : "";
  const unwatched = state === "complete" && next.action !== "look" ? "not watched" : "";
  const verdict = simmer ? `${simmer.verdict}${simmer.certifiedAt === undefined ? "" : ", certified"}` : unwatched;
  return {
    cells: [tag, state, day, verdict, ageOf(openedAt, now)],
    details: [
      ...(isThere ? paper.detail("names", shortHosts(hosts)) : []),
      ...(failure ? failureDetails(failure, paper) : []),
      ...(supersededBy ? paper.detail("newer", `${supersededBy.tag} supersedes it: ${supersededBy.why}`) : []),
      ...holds.flatMap(({ why, until }) =>
        paper.detail("held", until === undefined ? why : `${why}, until ${minutes(until)}`),
      ),
      ...unread.flatMap((one) => paper.unread(one)),
      ...(state === "not deployed" && next.action === "nothing" ? [] : paper.next(next, now)),
    ],
  };
}

/** Which step failed and what it saw, and where the log is. */
function failureDetails(failure: DeploymentFailure, paper: Paper): string[] {
  const { where, saw } = failureWords(failure);
  const { run, events } = failure.log;
  const log = run ?? events;
  return [...paper.detail("failed", `${where}: ${saw}`), ...(log === undefined ? [] : paper.detail("log", log))];
}

function channelRow(channel: ListedChannel, now: number, paper: Paper): Row {
  const { name, current, moving, abandoned, movedAt, hosts, next, unread } = channel;
  const points = current ? `${current.release} (${current.tag})` : unread.length > 0 ? "unknown" : "nothing";
  return {
    cells: [name, points, current ? `${current.generation}` : "", ageOf(movedAt, now)],
    details: [
      ...paper.detail("names", shortHosts(hosts)),
      ...(moving ? paper.detail("moves", `to ${moving.release} (${moving.tag}), generation ${moving.generation}`) : []),
      ...(abandoned ? paper.detail("ended", gaveUp(abandoned)) : []),
      ...unread.flatMap((one) => paper.unread(one)),
      ...paper.next(next, now),
    ],
  };
}

const gaveUp = ({ release, tag, generation, reason }: NonNullable<ListedChannel["abandoned"]>): string =>
  `generation ${generation}, ${release} (${tag}), was given up: ${reason}`;

/** `{api,explorer}-v1-2-3-1.net.spacemesh.io`: hosts that differ in their first part only, as a shell would read them. */
export function shortHosts(hosts: readonly string[]): string {
  const byRest = new Map<string, string[]>();
  for (const host of hosts) {
    const [, first = "", rest = ""] = /^((?:api|explorer|dash|poet-\d+)(?=[-.]))?(.*)$/.exec(host) ?? [];
    byRest.set(rest, [...(byRest.get(rest) ?? []), first]);
  }
  const shortened = [...byRest].map(([rest, firsts]) =>
    firsts.length > 1 ? `{${firsts.join(",")}}${rest}` : `${firsts[0] ?? ""}${rest}`,
  );
  return shortened.join(" ");
}

/** Colours by the words of states and verdicts. All other words have none. */
const COLOURS = {
  healthy: "green",
  slow: "yellow",
  stalled: "red",
  split: "red",
  blind: "magenta",
  unknown: "red",
  "smoke test not passed": "red",
  incomplete: "yellow",
} as const;

function table(titles: readonly string[], unsafe: readonly Row[], paper: Paper): string[] {
  if (unsafe.length === 0) return [];
  const rows = unsafe.map(({ cells, details }) => ({ cells: cells.map(visibleLine), details }));
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map(({ cells }) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[], paint: (cell: string) => string) =>
    cells
      .map((cell, i) => paint(cell) + (i === cells.length - 1 ? "" : " ".repeat((widths[i] ?? 0) - cell.length)))
      .join("  ")
      .trimEnd();
  const painted = (cell: string) => {
    const [word = ""] = cell.split(",");
    return Object.hasOwn(COLOURS, word) ? paper.paint(COLOURS[word as keyof typeof COLOURS], cell) : cell;
  };
  return [
    line(titles, (title) => paper.paint("dim", title)),
    ...rows.flatMap(({ cells, details }) => [line(cells, painted), ...details]),
  ];
}

/** Room of a detail's name, with the space before and after. */
const INDENT = 9;

/** Lines of a width. */
class Paper {
  constructor(private readonly page: Page) {}

  paint(format: Parameters<typeof styleText>[0], text: string): string {
    return this.page.colour && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  }

  /** A named text below a row, in as many lines as it takes. */
  detail(name: string, text: string): string[] {
    return wrapped(visibleLine(text), this.page.width - INDENT).map((line, i) => {
      const head = i === 0 ? name : "";
      return `  ${this.paint("dim", head)}${" ".repeat(INDENT - 2 - head.length)}${line}`;
    });
  }

  unread({ what, code, why, fix }: Unread): string[] {
    return this.detail("FAIL", `${what}: ${why} (${code}). ${fix}`.trim());
  }

  /** What comes next. A command stays on one line, so that it can be copied. */
  next({ action, why, commands, at }: NextStep, now: number): string[] {
    const due = at !== undefined && Date.parse(at) > now ? minutes(at) : undefined;
    return [
      ...this.detail("next", action === "nothing" ? "nothing" : `${whenOf(action, due)}${why}`),
      ...commands.map((command) => `${" ".repeat(INDENT)}${this.paint("bold", `$ ${visibleLine(command)}`)}`),
    ];
  }
}

/** The beginning of a step: when. */
function whenOf(action: NextStep["action"], due: string | undefined): string {
  if (action === "wait") return due === undefined ? "wait: " : `wait until ${due}: `;
  return due === undefined ? "" : `from ${due} on: `;
}

/** `2026-03-10 12:00 UTC` */
const minutes = (time: string): string => utc(time).replace(/:\d\d UTC$/, " UTC");

/** A text in lines of at most so many characters. A longer word has a line of its own. */
export function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `3 d`, `5 h`, `12 min`: whole units; nothing for an unknown time. */
export function ageOf(since: string | undefined, now: number): string {
  if (since === undefined) return "";
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes >= 2 * 1440) return `${Math.floor(minutes / 1440)} d`;
  return minutes >= 120 ? `${Math.floor(minutes / 60)} h` : `${minutes} min`;
}

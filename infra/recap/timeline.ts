import { later } from "../base/web/format";
import type { RecapFacts, SimmerStory } from "./facts";
import { prose, sentence, time } from "./markdown";
import { stepName } from "./summary";

/** One fact with its time. */
interface Moment {
  /** RFC 3339. */
  readonly at: string;
  /** Markdown, one sentence or more. */
  readonly text: string;
}

/** Changes of the verdict that a timeline shows: the first ones and the last ones. */
const FIRST_CHANGES = 10;
const LAST_CHANGES = 20;

/** The timeline, oldest first, one fact a line. */
export function timelineOf(facts: RecapFacts): string[] {
  const { openedAt, genesisTime, smoke, failure, simmer, promotions, archive, retiredAt, why } = facts;
  const all: Moment[] = [
    ...moment(openedAt, "The deployment begins."),
    ...moment(genesisTime, "Genesis: layer 0 begins."),
    ...moment(smoke?.startedAt, "The smoke test begins."),
    ...moment(smoke?.finishedAt, smoke?.passed ? "The smoke test passes." : "The smoke test does not pass."),
    ...moment(failure?.at, `The deployment fails at ${stepName(failure?.cause.step ?? "")}.`),
    ...(simmer ? simmerMoments(simmer) : []),
    ...promotions.flatMap(({ at, channel, kind, release }) =>
      moment(at, `The ${kind} of ${prose(channel)} to ${prose(release)} is announced.`),
    ),
    ...moment(archive?.closedAt, "The archive is closed."),
    ...moment(retiredAt, `Nothing of the network is left.${simmer?.retirement ? "" : reasonOf(why)}`),
  ];
  // The sort is stable: facts of the same time stay in the order of the cycle.
  return all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(({ at, text }) => `**${time(at)}** ${text}`);
}

function simmerMoments({ summary, watchedFrom, changes, alerts, retirement }: SimmerStory): Moment[] {
  const { genesisTime, effectiveGenesis, layerDuration, certifiedAt, watchedAt } = summary;
  const hidden = changes.slice(FIRST_CHANGES, -LAST_CHANGES);
  const shown = changes.filter((change) => !hidden.includes(change));
  const [gap] = hidden;
  return [
    ...moment(
      later(genesisTime, effectiveGenesis * layerDuration),
      `Effective genesis: layer ${effectiveGenesis} begins.`,
    ),
    ...moment(watchedFrom, "A watcher sees the network for the first time."),
    ...shown.flatMap(({ at, verdict, words }) => moment(at, `The verdict is ${verdict}. ${prose(words)}`)),
    ...moment(gap?.at, `The verdict changes ${hidden.length} more times.`),
    ...alerts.flatMap(({ at, verdict }) =>
      moment(at, `The watcher alerts the team: the network is ${prose(verdict)}.`),
    ),
    ...moment(retirement?.at, "The watcher begins to retire the network."),
    ...moment(certifiedAt, "The certificate covers the simmer up to this time."),
    ...moment(watchedAt, "The last sample is taken."),
  ];
}

const reasonOf = (why: string | undefined): string =>
  why === undefined ? "" : ` Reason of the retirement: ${sentence(why)}`;

const moment = (at: string | undefined, text: string): Moment[] => (at === undefined ? [] : [{ at, text }]);

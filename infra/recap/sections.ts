import { duration, lifeSpan } from "../base/web/format";
import { arrived, type RecapFacts } from "./facts";
import { code, counted, list, prose, sentence, some, time } from "./markdown";
import { stepName } from "./summary";

type Row = readonly [name: string, value: string];

/** The facts as rows of a table; a fact that no record tells has no row. */
export function factRows(facts: RecapFacts): Row[] {
  const { tag, commit, openedAt, retiredAt, layerDuration, verdict, simmer, smoke, failure, promotions } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Build", tag],
    ["Commit", commit && code(commit)],
    ["Deployed", openedAt && time(openedAt)],
    ["Retired", retiredAt && time(retiredAt)],
    ["Life", openedAt && retiredAt && lifeSpan(openedAt, retiredAt)],
    ["Length of a layer", layerDuration === undefined ? undefined : duration(layerDuration)],
    ["Last layers", layersText(facts)],
    ["Nodes", simmer && `${simmer.nodes}`],
    ["Smoke test", smoke && smokeText(smoke.passed, smoke.failed.length, smoke.checks)],
    ["Deployment", failure && `failed at ${stepName(failure.cause.step)}`],
    ["Verdict", verdict === "not judged" ? undefined : verdict],
    ["Simmer", simmer && `day ${simmer.day} of ${simmer.days}`],
    [
      "Channels",
      arrived(promotions)
        .map(({ channel, release }) => prose(`${channel} as ${release}`))
        .join(", ") || "none",
    ],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

function layersText({ simmer, lastSeen }: RecapFacts): string | undefined {
  const point = simmer?.summary.points.findLast(({ verified }) => verified !== undefined);
  const [verified, top] = lastSeen ? [lastSeen.verifiedLayer, lastSeen.topLayer] : [point?.verified, point?.top];
  return verified === undefined ? undefined : `${verified} verified, ${top} by the clock`;
}

const smokeText = (passed: boolean, failed: number, checks: number): string =>
  passed ? `passed, ${counted(checks, "check")}` : `${failed} of ${counted(checks, "check")} did not pass`;

/** Nodes that a document names. */
const MOST_NODES = 25;

/** The first stuck or divergent layer, with the nodes; for a network that never simmered what its record says. */
export function troubleText({ simmer, failure, smoke }: RecapFacts): string {
  const { trouble } = simmer ?? {};
  if (trouble) {
    const { layer, layerAt, words, nodes, to } = trouble;
    const what = trouble.verdict === "split" ? "at which the states differed" : "that was not verified in time";
    const groups = new Map<string, string[]>();
    for (const { name, showed } of nodes) groups.set(showed, [...(groups.get(showed) ?? []), name]);
    const who = [...groups].map(([showed, names]) => `${some(names, MOST_NODES)}: ${prose(showed)}`);
    return [
      `Layer ${layer} is the first ${what}. It began at ${time(layerAt)}.`,
      `The watcher said: ${sentence(words)}`,
      ...(who.length > 0 ? [`Nodes involved:\n\n${list(who)}`] : []),
      ...(to === undefined ? [] : [`The network was well again at ${time(to)}.`]),
    ].join("\n\n");
  }
  if (simmer) return "Every layer was verified in time while somebody watched.";
  const failed = smoke?.failed.map(({ name, saw }) => `${prose(name)}: ${sentence(saw)}`) ?? [];
  const step = failure && `Its deployment ended at ${stepName(failure.cause.step)}`;
  return [
    "The network never simmered, so no layer was judged.",
    ...(step ? [failed.length > 0 ? `${step}.` : `${step}, which saw: ${sentence(failure.cause.saw)}`] : []),
    ...(failed.length > 0 ? [`Checks of the smoke test that did not pass:\n\n${list(failed)}`] : []),
  ].join("\n\n");
}

/** What was done, as the records tell. */
export function doneOf(facts: RecapFacts): string[] {
  const { tag, simmer, failure, promotions, archive, retiredAt, why, next } = facts;
  const alerts = simmer?.alerts ?? [];
  const [first] = alerts;
  return [
    ...promotions.map(({ channel, generation, kind, release, reason, abandoned }) => {
      if (abandoned !== undefined)
        return `The ${kind} ${generation} of ${prose(channel)} to it was given up: ${sentence(abandoned)}`;
      const told = reason === undefined ? "." : `. Reason: ${sentence(reason)}`;
      return `The ${kind} ${generation} of ${prose(channel)} moved it to this network, as ${prose(release)}${told}`;
    }),
    ...(first ? [`The watcher sent ${counted(alerts.length, "alert")}, the first at ${time(first.at)}.`] : []),
    ...(simmer?.retirement ? [`The watcher retired the network: ${sentence(simmer.retirement.why)}`] : []),
    ...(failure?.cause.fix === undefined ? [] : [`The step told what to do: ${sentence(failure.cause.fix)}`]),
    ...(archive ? [`${counted(archive.objects, "object")} went into the archive${gapOf(archive.gap)}.`] : []),
    ...(archive?.missing ? [`The archive lacks: ${archive.missing.map(prose).join("; ")}.`] : []),
    ...(retiredAt && !simmer?.retirement ? [`The network was retired: ${sentence(why ?? "no reason given")}`] : []),
    ...(next ? [nextText(next, tag)] : failure ? [`The next build is to be ${prose(failure.next.tag)}.`] : []),
  ];
}

const nextText = (next: NonNullable<RecapFacts["next"]>, tag: string): string =>
  next.why === undefined
    ? `The next build is ${next.tag}.`
    : `The next build, ${next.tag}, took the place of ${tag}: ${sentence(next.why)}`;

const gapOf = (gap: string | undefined): string => (gap === undefined ? "" : `, with a gap: ${prose(gap)}`);

/** Where to read more. */
export function linkList({ tag, links, failure, simmer, archive }: RecapFacts): string[] {
  const run = failure?.log.run;
  return [
    `Page of the network: <${links.page}>`,
    ...(links.certificate ? [`Certificate of the simmer: <${links.certificate}>`] : []),
    ...(links.archive ? [`Archive: ${code(links.archive)}`] : []),
    ...(archive ? [`Contents of the archive: ${code(`smeshnet archive show ${tag}`)}`] : []),
    ...(run !== undefined && /^https?:\/\/[^\s<>]+$/.test(run) ? [`Log of the deployment: <${run}>`] : []),
    ...(simmer ? [logText(simmer)] : []),
  ];
}

const logText = ({ log, doubt }: NonNullable<RecapFacts["simmer"]>): string => {
  const proved = doubt === undefined ? "each follows from the one before" : `they are not proved: ${sentence(doubt)}`;
  return `Log of the simmer: ${code(log.prefix)}, ${log.entries} entries; ${proved.replace(/\.$/, "")}.`;
};

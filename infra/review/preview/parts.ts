import type { ResourceChange } from "./model";
import { grouped, ours, type Phrase } from "./phrase";
import { ARCHIVING, componentOf, isNetworkStep } from "./resources";

/** What the parts of a network and of a channel are called, in the order of the release cycle. */
const NOUNS: Readonly<Record<string, string>> = {
  Network: "network",
  SmokeTest: "smoke test",
  Poet: "poet",
  NodeApi: "node service",
  Explorer: "explorer",
  Dashboard: "dashboard",
  Tap: "tap",
  GrpcGateway: "gateway",
  Discovery: "entry in the network list",
  Dns: "DNS records",
  InfoPage: "info page",
  LogArchive: "log archive",
  History: "history",
  RetirementGuard: "retirement guard",
  SimmerGate: "simmer gate",
  ChannelDns: "DNS records",
  ChannelPage: "info page",
  ChannelProof: "proof",
  Branch: "branch",
  Announcement: "announcement",
};
const NAMES = Object.keys(NOUNS);

/** What happens to a part as a whole. */
function verbOf(resources: readonly ResourceChange[]): "replaces" | "removes" | "adds" | "updates" {
  const all = (wanted: string) => resources.every(({ operation }) => operation === wanted);
  if (all("create")) return "adds";
  if (all("delete")) return "removes";
  return resources.some(({ operation }) => operation === "replace") ? "replaces" : "updates";
}

/** Whether a change only stores what a retirement will need. */
const isStoring = (resource: ResourceChange): boolean =>
  resource.operation === "update" && (ARCHIVING.includes(componentOf(resource)) || isNetworkStep(resource));

/** What happens to the parts of something, e.g. `updates its explorer and dashboard`. @param whose `its` or `their` */
export function partsText(resources: readonly ResourceChange[], whose: string): Phrase[] {
  const acting = resources.filter((resource) => !isStoring(resource));
  // A step that runs again is told by its consequences.
  if (acting.length === 0)
    return resources.length === 0 || resources.some(isNetworkStep) ? [] : [ours("stores changed settings")];
  const parts = grouped(acting, componentOf).map((group) => {
    const name = group[0] ? componentOf(group[0]) : "";
    return { rank: NAMES.indexOf(name), name, noun: NOUNS[name] ?? "other resources", verb: verbOf(group) };
  });
  // What no component holds comes last.
  const sorted = parts.sort((a, b) => (a.rank < 0 ? NAMES.length : a.rank) - (b.rank < 0 ? NAMES.length : b.rank));
  const isRun = ({ name, verb }: (typeof parts)[number]) => name === "SmokeTest" && verb === "updates";
  const verbs = ["replaces", "removes", "adds", "updates"] as const;
  const texts = verbs.flatMap((verb) => {
    const nouns = [...new Set(sorted.filter((part) => part.verb === verb && !isRun(part)).map(({ noun }) => noun))];
    return nouns.length > 0 ? [ours(`${verb} ${whose} ${nounsText(nouns)}`)] : [];
  });
  return [...texts, ...(parts.some(isRun) ? [ours(`runs ${whose} smoke test again`)] : [])];
}

/** More parts than these are counted. */
const MOST_NAMED = 4;

function nounsText(nouns: readonly string[]): string {
  const shown = nouns.length > MOST_NAMED + 1 ? nouns.slice(0, MOST_NAMED) : nouns;
  const rest = nouns.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} other parts`] : shown;
  return all.length === 1 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

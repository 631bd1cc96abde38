import type { Archived } from "./archived";
import { podOf, type Window } from "./excerpts";
import type { FailedDeployment } from "./facts";
import type { Trouble } from "./simmer-story";

/** Where to look in the logs. */
export interface Spotlight {
  /** Names of nodes or services, the most telling first. */
  readonly nodes: readonly string[];
  readonly window: Window;
}

interface Lit {
  readonly trouble: Trouble | undefined;
  /** Seconds. */
  readonly layerDuration: number | undefined;
  readonly failure: FailedDeployment | undefined;
  readonly archived: Archived | undefined;
}

/** Layers before the first failing one that excerpts show too. */
const LAYERS_BEFORE = 2;
/** Time before a failed step that excerpts show, in milliseconds. */
const BEFORE_FAILURE = 10 * 60_000;

/** The nodes and the time of a failure; undefined when nothing failed. */
export function spotlight({ trouble, layerDuration = 0, failure, archived }: Lit): Spotlight | undefined {
  const layer = layerDuration * 1000;
  if (trouble) {
    const at = Date.parse(trouble.layerAt);
    const window = { from: at - LAYERS_BEFORE * layer, to: Date.parse(trouble.from) + layer, at };
    return { nodes: takingTurns(trouble), window };
  }
  const smoke = archived?.smoke?.passed === false ? archived.smoke : undefined;
  if (!smoke && !failure) return undefined;
  const told = [failure?.cause.step ?? "", failure?.cause.saw ?? "", ...(smoke?.failed ?? []).map(({ saw }) => saw)];
  const at = Date.parse(failure?.at ?? smoke?.finishedAt ?? "");
  const from = smoke ? Date.parse(smoke.startedAt) : at - BEFORE_FAILURE;
  return {
    nodes: namedIn(told.join(" "), archived),
    window: { from: Math.min(from, at - BEFORE_FAILURE), to: at, at },
  };
}

/** Of nodes that show different things, one of each kind comes first. */
function takingTurns({ nodes }: Trouble): string[] {
  const kinds = new Map<string, string[]>();
  for (const { name, showed } of nodes) kinds.set(showed, [...(kinds.get(showed) ?? []), name]);
  const longest = Math.max(0, ...[...kinds.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => [...kinds.values()].flatMap((names) => names[i] ?? [])).flat();
}

/** The words of a text that are names of pods, in their order. */
function namedIn(text: string, archived: Archived | undefined): string[] {
  const pods = (archived?.manifest.objects ?? []).flatMap(({ key }) => podOf(key) ?? []);
  const words = text.match(/[a-z][a-z0-9-]*/g) ?? [];
  return [...new Set(words)].filter((word) => pods.some((pod) => pod.startsWith(`${word}-`)));
}

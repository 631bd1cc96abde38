import type { EngineEvent } from "@pulumi/pulumi/automation";

/** An event of the engine with its time of arrival, in milliseconds since 1970. */
export interface TimedEvent {
  readonly at: number;
  readonly event: EngineEvent;
}

/** Parts of the time of one run, in seconds. Steps overlap, so their sum may exceed the total. */
export interface Breakdown {
  /** From the command to its end. */
  readonly total: number;
  /** Until the engine's first event. */
  readonly engineStart: number;
  /** From the engine's first event until the program registers its first resource. */
  readonly programStart: number;
  /** Sum over the resources of Kubernetes and Cloudflare. */
  readonly providers: number;
  /** Sum over the steps that run our commands. */
  readonly steps: number;
  /**
   * From the first object in the cluster until all workloads are ready; 0 without workloads. The gateway is usually
   * last.
   */
  readonly objects: number;
  /** Every step that took time, longest first. */
  readonly each: readonly { readonly name: string; readonly seconds: number }[];
}

/**
 * Breaks the time of a run down by its events.
 * @param start time of the command's start, in milliseconds since 1970
 * @param end time of its end
 */
export function breakdown(events: readonly TimedEvent[], start: number, end: number): Breakdown {
  const first = events[0]?.at ?? end;
  const registered = events.find(({ event }) => isResource(event))?.at ?? end;
  const durations = stepsOf(events);
  const sum = (commands: boolean) =>
    durations
      .filter(({ type }) => type.startsWith("command:") === commands)
      .reduce((all, { seconds }) => all + seconds, 0);
  return {
    total: seconds(start, end),
    engineStart: seconds(start, first),
    programStart: seconds(first, registered),
    providers: round(sum(false)),
    steps: round(sum(true)),
    objects: objectsOf(durations),
    each: durations.map(({ name, seconds }) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds),
  };
}

interface Step {
  readonly name: string;
  readonly type: string;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

function objectsOf(steps: readonly Step[]): number {
  const starts = steps.filter(({ type }) => type.startsWith("kubernetes:")).map(({ start }) => start);
  const ends = steps.filter(({ type }) => type === "kubernetes:apps/v1:Deployment").map(({ end }) => end);
  return ends.length === 0 ? 0 : seconds(Math.min(...starts), Math.max(...ends));
}

function stepsOf(events: readonly TimedEvent[]): Step[] {
  const begun = new Map<string, number>();
  const done: Step[] = [];
  for (const { at, event } of events) {
    const before = event.resourcePreEvent?.metadata;
    if (before && before.op !== "same") begun.set(before.urn, at);
    const after = event.resOutputsEvent?.metadata;
    const start = after && begun.get(after.urn);
    if (after && start !== undefined && /^(command|kubernetes|cloudflare):/.test(after.type)) {
      const name = after.urn.split("::").at(-1) ?? after.urn;
      done.push({ name, type: after.type, seconds: seconds(start, at), start, end: at });
    }
  }
  return done;
}

const isResource = ({ resourcePreEvent }: EngineEvent): boolean =>
  resourcePreEvent !== undefined && !resourcePreEvent.metadata.type.startsWith("pulumi:");

const seconds = (from: number, to: number): number => round((to - from) / 1000);

const round = (value: number): number => Math.round(value * 100) / 100;

import { effectiveGenesis } from "../base/model/network-facts";
import type { SimmerSummary } from "../base/model/simmer-summary";
import { isGood, type Verdict } from "../base/model/verdict";
import type { Evidence } from "../base/verdict/judge";
import { evidenceInWords } from "../base/verdict/words";
import type { LogEntry, State, Terms } from "../simmer/entry";
import type { SampleBody } from "../simmer/log";
import { countedTime, dayText } from "../simmer/progress";
import { Plot, summaryOf } from "../simmer/summary";

/** A verdict that another one followed or that was the last. */
export interface VerdictChange {
  /** By the watcher's clock, RFC 3339. */
  readonly at: string;
  readonly verdict: Verdict;
  /** What led to it, in sentences. */
  readonly words: string;
}

/** A node in a trouble. */
export interface TroubledNode {
  readonly name: string;
  /** What the node showed: `stood at layer 575`, `state root 1a2b3c4d`. */
  readonly showed: string;
}

/** A time in which the network was stalled, split or out of sight without a break. */
export interface Trouble {
  /** The first verdict that says more than that nobody saw anything. */
  readonly verdict: Verdict;
  /** RFC 3339. */
  readonly from: string;
  /** When the network was well again, RFC 3339; absent when it never was. */
  readonly to?: string;
  /** The first layer that was not verified, or at which the states differed. */
  readonly layer: number;
  /** When the layer began by the network's clock, RFC 3339. */
  readonly layerAt: string;
  readonly nodes: readonly TroubledNode[];
  readonly words: string;
}

/** The figures of a story. */
export interface Told {
  readonly terms: Terms;
  readonly state: State;
  /** Time of the first sample, RFC 3339. */
  readonly from: string;
  /** Days counted, `3.4`. */
  readonly day: string;
  readonly summary: SimmerSummary;
}

/** Collects what the log of a simmer tells. */
export class StoryTeller {
  readonly changes: VerdictChange[] = [];
  readonly alerts: { at: string; verdict: Verdict; text: string }[] = [];
  /** Troubles that ended, only the last of them, and the one that did not end. */
  ended: Trouble | undefined;
  open: Trouble | undefined;
  private terms: Terms | undefined;
  private plot: Plot | undefined;
  private first: SampleBody | undefined;
  private last: SampleBody | undefined;
  private state: State | undefined;

  constructor(private readonly tag: string) {}

  /** Takes the entries in their order. */
  take({ body, state }: LogEntry): void {
    this.state = state;
    if (body.kind === "terms") {
      this.terms = body.terms;
      this.plot = new Plot(body.terms, this.plot?.all);
    }
    if (body.kind === "alert") this.alerts.push({ at: body.at, verdict: body.verdict, text: body.text });
    if (body.kind === "sample" && this.terms) this.sampled(body, state, this.terms);
  }

  /** The story so far; undefined while there is no sample. */
  told(): Told | undefined {
    const { terms, plot, first, last, state } = this;
    if (!terms || !plot || !first || !last || !state) return undefined;
    const summary = summaryOf({
      tag: this.tag,
      terms,
      state,
      evidence: last.evidence,
      watchedAt: last.sample.at,
      every: last.every,
      points: plot.all,
      ...(state.certifiedAt !== undefined && { certifiedAt: state.certifiedAt }),
    });
    return { terms, state, from: first.sample.at, day: dayText(countedTime(state), terms), summary };
  }

  private sampled(body: SampleBody, state: State, terms: Terms): void {
    this.first ??= body;
    const { verdict, evidence } = body;
    if (evidence.late) return;
    this.last = body;
    this.plot?.add(state, evidence);
    if (evidence.early) return;
    if (this.changes.at(-1)?.verdict !== verdict)
      this.changes.push({ at: body.sample.at, verdict, words: evidenceInWords(verdict, evidence) });
    if (isGood(verdict)) {
      if (this.open) this.ended = { ...this.open, to: body.sample.at };
      this.open = undefined;
    } else if (!this.open || (this.open.verdict === "blind" && verdict !== "blind")) {
      this.open = troubleIn(body, terms, this.open?.from);
    }
  }
}

function troubleIn({ sample, verdict, evidence }: SampleBody, { network }: Terms, from = sample.at): Trouble {
  const start = effectiveGenesis(network);
  const layer = evidence.apart?.layer ?? Math.max(start, (evidence.verified ?? start - 1) + 1);
  return {
    verdict,
    from,
    layer,
    layerAt: new Date(network.genesisTime + layer * network.layerDuration * 1000).toISOString(),
    nodes: involved(verdict, evidence, sample),
    words: evidenceInWords(verdict, evidence),
  };
}

/** Digits of a state root that tell two apart. */
const ROOT_DIGITS = 8;

function involved(verdict: Verdict, evidence: Evidence, sample: SampleBody["sample"]): TroubledNode[] {
  const { standing, silent, implausible, roots } = evidence;
  if (verdict === "split" && roots)
    return roots.groups.flatMap(({ root, nodes }) =>
      nodes.map((name) => ({ name, showed: `state root ${root.slice(0, ROOT_DIGITS) || "none"}` })),
    );
  const verified = new Map(
    sample.nodes.flatMap((node) => (node.reachable ? [[node.node, node.verifiedLayer] as const] : [])),
  );
  return [
    ...standing.map((name) => ({ name, showed: `stood at layer ${verified.get(name) ?? "unknown"}` })),
    ...silent.map((name) => ({ name, showed: "did not answer" })),
    ...Object.entries(implausible).map(([name, why]) => ({ name, showed: `was not believed: ${why}` })),
  ];
}

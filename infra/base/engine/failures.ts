import type { EngineEvent } from "@pulumi/pulumi/automation";
import { cut } from "../lib/cut";
import { type FailedStep, plain } from "../model/deployment-failure";
import {
  isComponent,
  isMachinery,
  isStep,
  labelOf,
  nameOf,
  reasonOfStep,
  stripColours,
  typeOf,
  violationIn,
} from "./event-text";

/** Longest text of a failure that is kept, in UTF-16 units. */
const LONGEST = 1500;

/** What the engine says at the end of every update that failed. */
const LAST_WORDS = /^(update|deployment|preview|resource registration) (failed|canceled)/;

/** The program of the stack, when an error belongs to no step. */
const PROGRAM = "program";

const isOfProgram = (urn: string): boolean => urn === "" || typeOf(urn) === "pulumi:pulumi:Stack";

/** Collects from the engine's events which steps failed, and what each saw. */
export class Failures {
  /** Parents by URN, which lead from a resource to its step. */
  private readonly parents = new Map<string, string>();
  private readonly running = new Set<string>();
  private readonly found = new Map<string, FailedStep>();

  /** @param mask hides secrets in what steps and tools say */
  constructor(private readonly mask: (text: string) => string) {}

  /** Takes one event of the engine. */
  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent }: EngineEvent): void {
    if (resourcePreEvent) {
      const { urn, op, new: made, old } = resourcePreEvent.metadata;
      const parent = (made ?? old)?.parent;
      if (parent) this.parents.set(urn, parent);
      if (op !== "same" && !isComponent(urn) && !isMachinery(urn)) this.running.add(urn);
    }
    if (resOutputsEvent) this.running.delete(resOutputsEvent.metadata.urn);
    if (resOpFailedEvent) this.running.delete(resOpFailedEvent.metadata.urn);
    if (policyEvent?.enforcementLevel === "mandatory") {
      const { resourceUrn = "", message } = policyEvent;
      this.add(resourceUrn, { code: "PolicyViolated", saw: violationIn(message) });
    }
    if (diagnosticEvent?.severity === "error" && !diagnosticEvent.ephemeral) {
      const { urn = "", message } = diagnosticEvent;
      const text = stripColours(message).trim();
      if (text === "" || (isOfProgram(urn) && LAST_WORDS.test(text))) return;
      const hasCode = isStep(urn) || isOfProgram(urn);
      this.add(urn, (hasCode ? reasonOfStep(text) : undefined) ?? { saw: text });
    }
  }

  /** The steps that failed, in the order in which they did: the first is the cause. */
  get all(): readonly FailedStep[] {
    return [...this.found.values()];
  }

  /** Names of the steps that have begun and not ended. */
  get begun(): readonly string[] {
    return [...new Set([...this.running].map((urn) => this.stepOf(urn)))];
  }

  /** The first error of a resource counts; later ones only follow from it. */
  private add(urn: string, { code, saw, fix }: { code?: string; saw: string; fix?: string }): void {
    if (this.found.has(urn)) return;
    const step = isOfProgram(urn) ? PROGRAM : this.stepOf(urn);
    const part = isOfProgram(urn) || nameOf(urn) === step ? undefined : labelOf(urn);
    this.found.set(urn, {
      step,
      ...(part !== undefined && { part }),
      ...(code !== undefined && { code }),
      saw: shortened(this.mask(saw)),
      ...(fix !== undefined && { fix: shortened(this.mask(fix)) }),
    });
  }

  /** The component of a resource: components bear the names of the steps. */
  private stepOf(urn: string): string {
    for (let at: string | undefined = urn; at !== undefined; at = this.parents.get(at)) {
      if (isComponent(at)) return nameOf(at);
    }
    return nameOf(urn);
  }
}

function shortened(text: string): string {
  const line = plain(text);
  return cut(line, LONGEST + "...".length);
}

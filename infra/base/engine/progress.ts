import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Run } from "../lib/run";
import {
  isComponent,
  isMachinery,
  isReason,
  isStep,
  labelOf,
  nameOf,
  reasonOfStep,
  stripColours,
  typeOf,
  violationIn,
} from "./event-text";

/** Turns the engine's events into lines for people: the start and end of each step, and what steps report meanwhile. */
export class Progress {
  /** How many errors it has shown. */
  errors = 0;
  private readonly announced = new Set<string>();
  /** Milliseconds since 1970, by URN. */
  private readonly started = new Map<string, number>();

  constructor(private readonly run: Pick<Run, "say" | "clock">) {}

  /** Takes one event of the engine. */
  take(event: EngineEvent): void {
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata);
    else if (event.resOutputsEvent) this.end(event.resOutputsEvent.metadata, "done");
    else if (event.resOpFailedEvent) this.end(event.resOpFailedEvent.metadata, "FAILED");
    else if (event.diagnosticEvent) this.diagnose(event.diagnosticEvent);
    else if (event.policyEvent) this.refuse(event.policyEvent);
  }

  private begin({ op, urn, new: made, old }: Operation): void {
    if (op === "same" || op === "read" || isMachinery(urn)) return;
    this.started.set(urn, this.run.clock.now());
    // The engine finishes a component before its resources on creation, and after them on removal. So a component is
    // announced with the first event of its own or of a resource, also when an earlier run created it.
    const component = isComponent(urn) ? urn : (made ?? old)?.parent;
    if (!component || !isComponent(component) || this.announced.has(component)) return;
    this.announced.add(component);
    this.run.say(`${nameOf(component)}: ${doing(op)}`);
  }

  private end({ op, urn }: Operation, how: string): void {
    const start = this.started.get(urn);
    if (start === undefined || op === "same") return;
    this.started.delete(urn);
    const seconds = ((this.run.clock.now() - start) / 1000).toFixed(1);
    if (how === "FAILED") this.run.say(`  ${nameOf(urn)} FAILED (${seconds} s)`);
    else if (!isComponent(urn) && !isInstant(urn)) this.run.say(`  ${labelOf(urn)} ${how} (${seconds} s)`);
  }

  /** A violation of the policy pack (policy/index.ts). */
  private refuse({ message, resourceUrn, enforcementLevel }: NonNullable<EngineEvent["policyEvent"]>): void {
    const isError = enforcementLevel === "mandatory";
    if (isError) this.errors += 1;
    const where = resourceUrn && !isMachinery(resourceUrn) ? `${nameOf(resourceUrn)}: ` : "";
    this.run.say(`${isError ? "error[PolicyViolated]" : "warning"}: ${where}${violationIn(message)}`);
  }

  /** The output of a running step comes as ephemeral diagnostics. */
  private diagnose({ message, severity, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = stripColours(message).trim();
    // The types of the Automation API lack the debug messages, which come too.
    if (text === "" || String(severity) === "debug") return;
    if (severity === "error") this.errors += 1;
    const from = urn ? nameOf(urn) : undefined;
    const isOfStep = urn !== undefined && isStep(urn);
    const failure = isOfStep ? reasonOfStep(text) : undefined;
    if (ephemeral && urn && typeOf(urn).startsWith("kubernetes:")) return; // its waits report too much
    if (ephemeral && isOfStep && isReason(text)) return; // it comes once more when the step has failed
    if (ephemeral || severity === "info" || severity === "info#err") this.run.say(`  ${from ?? "pulumi"} | ${text}`);
    else if (failure) this.run.say(`error[${failure.code}]: ${from}: ${failure.reason}`);
    else this.run.say(`${severity}: ${from ? `${from}: ` : ""}${text}`);
  }
}

/** An operation of the engine on a resource. */
interface Operation {
  readonly op: string;
  readonly urn: string;
  readonly new?: { readonly parent: string };
  readonly old?: { readonly parent: string };
}

/** Objects that the API server only stores. Only what has to start is worth a line. */
const isInstant = (urn: string): boolean => /^kubernetes:core/.test(typeOf(urn));

const doing = (op: string): string => (op.startsWith("delet") ? "removing" : op === "update" ? "updating" : "creating");

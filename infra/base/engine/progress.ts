import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Turns the engine's events into lines for people: each step of the cycle when it starts and ends, and what verbs say. */
export class Progress {
  /** How many errors have been told. */
  errors = 0;
  private readonly announced = new Set<string>();
  private readonly started = new Map<string, number>();

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes one event of the engine. */
  take(event: EngineEvent): void {
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata);
    else if (event.resOutputsEvent) this.end(event.resOutputsEvent.metadata, "done");
    else if (event.resOpFailedEvent) this.end(event.resOpFailedEvent.metadata, "FAILED");
    else if (event.diagnosticEvent) this.tell(event.diagnosticEvent);
  }

  private begin({ op, urn, new: made, old }: Step): void {
    if (op === "same" || op === "read" || isMachinery(urn)) return;
    this.started.set(urn, this.now());
    // A component is done before its resources when it is made, and after them when it is removed; a step of the cycle
    // begins with the first of them, also when an earlier run has made the component.
    const component = isComponent(urn) ? urn : (made ?? old)?.parent;
    if (!component || !isComponent(component) || this.announced.has(component)) return;
    this.announced.add(component);
    this.say(`${nameOf(component)}: ${doing(op)}`);
  }

  private end({ op, urn }: Step, how: string): void {
    const start = this.started.get(urn);
    if (start === undefined || op === "same") return;
    this.started.delete(urn);
    const seconds = ((this.now() - start) / 1000).toFixed(1);
    if (how === "FAILED") this.say(`  ${nameOf(urn)} FAILED (${seconds} s)`);
    else if (!isComponent(urn) && !isInstant(urn)) this.say(`  ${labelOf(urn)} ${how} (${seconds} s)`);
  }

  /** What verbs say while they run comes as ephemeral diagnostics. */
  private tell({ message, severity, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = stripColours(message).trim();
    // The types of the Automation API do not know that debug messages come too.
    if (text === "" || (severity as string) === "debug") return;
    if (severity === "error") this.errors += 1;
    const from = urn ? nameOf(urn) : undefined;
    if (ephemeral && urn && typeOf(urn).startsWith("kubernetes:")) return; // its awaits chatter
    if (ephemeral && urn && isVerb(urn) && text.startsWith(ERROR)) return; // it comes once more, when the step has failed
    if (ephemeral || severity === "info" || severity === "info#err") this.say(`  ${from ?? "pulumi"} | ${text}`);
    else this.say(`${severity}: ${from ? `${from}: ` : ""}${urn && isVerb(urn) ? reasonOf(text) : text}`);
  }
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly new?: { readonly parent: string };
  readonly old?: { readonly parent: string };
}

const isComponent = (urn: string): boolean => typeOf(urn).startsWith("smeshnet:");

/** Providers and the stack itself are no steps of the cycle. */
const isMachinery = (urn: string): boolean => typeOf(urn).startsWith("pulumi:");

/** Objects that the API server just stores; what has to start is worth a line. */
const isInstant = (urn: string): boolean => /^kubernetes:core/.test(typeOf(urn));

/** How our verbs begin the one line that says why they have failed. */
const ERROR = "error: ";

const isVerb = (urn: string): boolean => typeOf(urn).startsWith("command:");

/** A failed command's text is its command line and all it has said, which was shown as it came; the reason is enough. */
const reasonOf = (text: string): string =>
  text
    .split("\n")
    .filter((line) => line.startsWith(ERROR))
    .at(-1)
    ?.slice(ERROR.length) ?? text;

/** A verb by its name, anything else with its kind: `Deployment explorer-api`. */
const labelOf = (urn: string): string =>
  isVerb(urn) ? nameOf(urn) : `${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`;

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const doing = (op: string): string => (op.startsWith("delet") ? "removing" : op === "update" ? "changing" : "making");

/** The engine marks colours as `<{%reset%}>`. */
const stripColours = (text: string): string => text.replace(/<\{%[^%]*%\}>/g, "");

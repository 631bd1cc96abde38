import type { Properties } from "./values";

/** A resource that the engine asks something of. */
export interface Resource {
  /** Type token, e.g. `command:local:Command`. */
  readonly type: string;
  /** Name given by the program. */
  readonly name: string;
  readonly urn: string;
  /** What the program wants; for a delete the outputs of the last update. */
  readonly properties: Properties;
  /** Time limit set by `customTimeouts`, in seconds; 0 is none. */
  readonly timeout: number;
}

/** A resource that exists: its id and the outputs of its last update. */
export interface ExistingResource extends Resource {
  readonly id: string;
  readonly outputs: Properties;
}

/** What a resource plugin does; the shell around it speaks the engine's protocol. */
export interface Provider {
  readonly version: string;
  /** Whether values arrive with the marks of secrets; without, the engine marks the outputs after the inputs. */
  readonly acceptsSecrets: boolean;
  /** Takes the settings of the provider, e.g. `baseUrl`; called before any resource. */
  configure(settings: Properties): void;
  /** The inputs with defaults filled in, and what is wrong with them, by property. */
  check(type: string, inputs: Properties): { inputs: Properties; failures: Readonly<Record<string, string>> };
  /** Inputs whose change replaces the resource. */
  replaces(type: string): readonly string[];
  /** What a preview can say of the outputs of a create or an update. */
  preview(type: string, inputs: Properties): Properties;
  create(resource: Resource): Promise<{ id: string; outputs: Properties }>;
  /** The live outputs and inputs; undefined when the resource is gone. */
  read(resource: ReadResource): Promise<{ id: string; outputs: Properties; inputs: Properties } | undefined>;
  update(resource: ExistingResource): Promise<Properties>;
  delete(resource: ExistingResource): Promise<void>;
  /** Calls a function, e.g. `command:local:run`. */
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Ends what is under way; called when the user interrupts the engine, and when the engine is gone. */
  cancel(): Promise<void>;
}

/** A resource to look up: after an import there is only its id. */
export interface ReadResource {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
}

/** Writes a line to the display below a resource, while its operation runs. */
export type Log = (urn: string, line: string) => Promise<void>;

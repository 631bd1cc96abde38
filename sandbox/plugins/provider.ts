import type { Properties } from "./values";

/** A resource in a request of the engine. */
export interface Resource {
  /** Type token, e.g. `command:local:Command`. */
  readonly type: string;
  /** Name given by the program. */
  readonly name: string;
  readonly urn: string;
  /** The program's inputs; for a deletion the outputs of the last update. */
  readonly properties: Properties;
  /** Time limit from `customTimeouts`, in seconds; 0 means no limit. */
  readonly timeout: number;
}

/** An existing resource: its id and the outputs of its last update. */
export interface ExistingResource extends Resource {
  readonly id: string;
  readonly outputs: Properties;
}

/** Operations of a resource plugin, independent of the engine's protocol. */
export interface Provider {
  readonly version: string;
  /** Whether values arrive with marks of secrets. Without them, the engine marks the outputs by the inputs. */
  readonly acceptsSecrets: boolean;
  /** Receives the provider's settings, e.g. `baseUrl`. Called before any resource. */
  configure(settings: Properties): void;
  /** The inputs with defaults, and their mistakes by property. */
  check(type: string, inputs: Properties): { inputs: Properties; failures: Readonly<Record<string, string>> };
  /** Inputs whose change replaces the resource. */
  replaces(type: string): readonly string[];
  /** Outputs of a create or update as far as a preview knows them. */
  preview(type: string, inputs: Properties): Properties;
  create(resource: Resource): Promise<{ id: string; outputs: Properties }>;
  /** The live outputs and inputs; undefined when the resource is gone. */
  read(resource: ReadResource): Promise<{ id: string; outputs: Properties; inputs: Properties } | undefined>;
  update(resource: ExistingResource): Promise<Properties>;
  delete(resource: ExistingResource): Promise<void>;
  /** Calls a function, e.g. `command:local:run`. */
  invoke(token: string, args: Properties): Promise<Properties>;
  /** Ends running operations. Called when the user interrupts the engine, and when the engine is gone. */
  cancel(): Promise<void>;
}

/** A resource to read. After an import only its id is known. */
export interface ReadResource {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
}

/** Shows a line below a resource while its operation runs. */
export type Log = (urn: string, line: string) => Promise<void>;

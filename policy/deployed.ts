import { isObject, parsedObject } from "../infra/base/lib/json";

/** Reads from a backend take no part in an interrupt: the engine ends this process. */
const run = { signal: new AbortController().signal };

/** A step as the state holds it. */
export interface StoredStep {
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * What the backend holds of a version stack while the engine works on it. The state that the last update left stays
 * readable, since only updates lock a stack. Each question is asked at most once. Code that reads states is loaded when
 * there is one to be read.
 */
export class Deployed {
  private readonly stored: Promise<StoredStep | undefined>;
  private pointers: Promise<readonly string[]> | undefined;

  /**
   * @param stack name of the stack, `1_2_3_1`
   * @param qualified the name of a stack of this project as any folder understands it
   * @param channels that may point to the stack's network
   * @param told what our engine call told of the state (STORED_NETWORK_VARIABLE)
   */
  constructor(
    private readonly stack: string,
    private readonly qualified: (stack: string) => string,
    private readonly channels: () => Promise<readonly string[]>,
    told: string | undefined,
  ) {
    this.stored = told === undefined ? this.read() : Promise.resolve(stepIn(told));
    this.stored.catch(() => undefined); // whoever asks hears of it
  }

  /** The step that created the stack's network. @throws {UserError} when the state cannot be read */
  network(): Promise<StoredStep | undefined> {
    return this.stored;
  }

  /** The channels that point to the stack's network. @throws {UserError} when one of them cannot be read */
  pointing(): Promise<readonly string[]> {
    this.pointers ??= this.ask();
    return this.pointers;
  }

  private async read(): Promise<StoredStep | undefined> {
    const { exportedStack, networkStepOf } = await import("../infra/base/engine/state.js");
    const exported = await exportedStack(this.qualified(this.stack), run);
    const step = exported && networkStepOf(exported);
    return step && { urn: step.urn, inputs: step.inputs ?? {} };
  }

  private async ask(): Promise<readonly string[]> {
    const { exportedStack, rootOutputs } = await import("../infra/base/engine/state.js");
    const found = (await this.channels()).map(async (channel) => {
      const exported = await exportedStack(this.qualified(channel), run);
      return exported && rootOutputs(exported).network === this.stack ? [channel] : [];
    });
    return (await Promise.all(found)).flat();
  }
}

function stepIn(told: string): StoredStep | undefined {
  const { urn, inputs } = parsedObject(told) ?? {};
  return typeof urn === "string" ? { urn, inputs: isObject(inputs) ? inputs : {} } : undefined;
}

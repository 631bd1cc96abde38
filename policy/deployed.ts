import { exportedStack, rootOutputs, type StateResource } from "../infra/base/engine/state";
import { valueAt } from "../infra/base/lib/json";
import { isNetwork } from "./checks/network";

/** Reads from a backend take no part in an interrupt: the engine ends this process. */
const run = { signal: new AbortController().signal };

/**
 * What the backend holds of a version stack while the engine works on it. The state that the last update left stays
 * readable, since only updates lock a stack. Each question is asked at most once.
 */
export class Deployed {
  private asked: Promise<StateResource | undefined> | undefined;
  private pointers: Promise<readonly string[]> | undefined;

  /**
   * @param stack name of the stack, `1_2_3_1`
   * @param qualified the name of a stack of this project as any folder understands it
   * @param channels that may point to the stack's network
   */
  constructor(
    private readonly stack: string,
    private readonly qualified: (stack: string) => string,
    private readonly channels: () => readonly string[],
  ) {}

  /** The step that created the stack's network, as the state holds it. @throws {UserError} when it cannot be read */
  network(): Promise<StateResource | undefined> {
    this.asked ??= exportedStack(this.qualified(this.stack), run).then((exported) =>
      exported?.deployment.resources?.find((one) => isNetwork(one.urn) && valueAt(one, ["delete"]) !== true),
    );
    return this.asked;
  }

  /** The channels that point to the stack's network. @throws {UserError} when one of them cannot be read */
  async pointing(): Promise<readonly string[]> {
    this.pointers ??= Promise.all(
      this.channels().map(async (channel) => {
        const exported = await exportedStack(this.qualified(channel), run);
        return exported && rootOutputs(exported).network === this.stack ? [channel] : [];
      }),
    ).then((found) => found.flat());
    return this.pointers;
  }
}

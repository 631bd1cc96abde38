/** A request as it came. */
export interface Seen {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

export type Matching = (request: Seen) => boolean;

/** A request that is held. */
export interface Held {
  /** Resolves when the request came. */
  readonly came: Promise<void>;
  release(): void;
}

/** Holds requests until somebody lets them go, so that a test decides the order in which things happen. */
export class Holds {
  readonly #open: { matching: Matching; at: "request" | "answer"; come: () => void; goOn: Promise<void> }[] = [];

  /** Holds the next request that matches: before it takes effect, or with its effect but without its answer. */
  hold(matching: Matching, at: "request" | "answer"): Held {
    let come!: () => void;
    let release!: () => void;
    const came = new Promise<void>((resolve) => {
      come = resolve;
    });
    const goOn = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#open.push({ matching, at, come, goOn });
    return { came, release };
  }

  /** Resolves when nobody holds the request. */
  async pass(request: Seen, at: "request" | "answer"): Promise<void> {
    const index = this.#open.findIndex((one) => one.at === at && one.matching(request));
    const [held] = index < 0 ? [] : this.#open.splice(index, 1);
    held?.come();
    await held?.goOn;
  }
}

import type { Run } from "../../base/lib/run";
import type { NetworkFacts } from "../../base/model/network-facts";
import type { NodeSample } from "../../base/model/sample";
import { layerAt, layerOfNodes, wrongClock } from "./network-clock";

/** Longest wait for genesis without a look, in seconds: the nodes may know better than this machine's clock. */
const LONGEST_WAIT = 60;

/**
 * The layers of a smoke test. They are those of the nodes as soon as a quorum of them tells its layer. Until then, and
 * while the nodes are silent, they go on by the time that was waited. A jump of this machine's clock changes nothing.
 */
export class Layers {
  /** Layer at the start. */
  from: number;
  /** Layer of the newest look. */
  now: number;
  private readonly started: number;
  /** Seconds that were waited. */
  private waited = 0;
  /** The layer that the nodes told last, and the seconds that were waited until then. */
  private told?: { readonly layer: number; readonly waited: number };
  private saysGenesis = true;

  /**
   * @param effectiveGenesis first layer whose verification proves something
   * @param limit number of layers from the start or the effective genesis, whichever is later
   */
  constructor(
    private readonly facts: NetworkFacts,
    private readonly effectiveGenesis: number,
    private readonly limit: number,
    private readonly run: Run,
  ) {
    this.started = run.clock.now();
    this.from = layerAt(facts, this.started);
    this.now = this.from;
  }

  /** Reads the layer from a look. Says when the clock of this machine is wrong. */
  see(samples: readonly NodeSample[]): void {
    const layer = layerOfNodes(this.facts, samples);
    if (layer === undefined) {
      this.now = this.told
        ? this.told.layer + Math.floor((this.waited - this.told.waited) / this.facts.layerDuration)
        : layerAt(this.facts, this.started + this.waited * 1000);
      return;
    }
    if (!this.told) {
      this.from = Math.max(0, layer - Math.floor(this.waited / this.facts.layerDuration));
      const wrong = wrongClock(this.facts, layer, this.run.clock.now());
      if (wrong) this.run.say(wrong);
    }
    this.told = { layer, waited: this.waited };
    this.now = layer;
  }

  /** The first and the last layer, in words. */
  plan(): string {
    return `layer ${this.from}, effective genesis ${this.effectiveGenesis}, limit layer ${this.last}`;
  }

  /** Whether the limit is over. Where the nodes' clocks stand, it is over after twice its time. */
  isOver(): boolean {
    const { genesisTime, layerDuration } = this.facts;
    const untilGenesis = Math.max(0, Date.parse(genesisTime) - this.started) / 1000;
    const time = untilGenesis + (this.last - this.from + 1) * layerDuration;
    return this.now >= this.last || this.waited >= 2 * time;
  }

  /** Waits for half a layer, or for a genesis that is still to come. */
  async wait(): Promise<void> {
    const { facts, run } = this;
    const half = facts.layerDuration / 2;
    const untilGenesis = this.now > 0 ? 0 : (Date.parse(facts.genesisTime) - run.clock.now()) / 1000;
    if (untilGenesis > 0 && this.saysGenesis) {
      run.say(`waiting ${Math.ceil(untilGenesis)} s for genesis at ${facts.genesisTime}`);
      this.saysGenesis = false;
    }
    const seconds = untilGenesis > 0 ? Math.min(untilGenesis, Math.max(half, LONGEST_WAIT)) : half;
    await run.clock.sleep(seconds, run.signal);
    this.waited += seconds;
  }

  private get last(): number {
    return Math.max(this.from, this.effectiveGenesis) + this.limit;
  }
}

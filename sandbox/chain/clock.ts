/** The clock of a network, which decides the current layer. */
export interface LayerClock {
  /** Start of layer 0, in milliseconds since 1970. */
  readonly genesisTime: number;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** Layers in an epoch. */
  readonly layersPerEpoch: number;
}

/** The layer at a time; 0 before genesis. @param time milliseconds since 1970 */
export const layerAt = ({ genesisTime, layerDuration }: LayerClock, time: number): number =>
  Math.max(0, Math.floor((time - genesisTime) / (layerDuration * 1000)));

/** Start of a layer, in milliseconds since 1970. */
export const layerStart = ({ genesisTime, layerDuration }: LayerClock, layer: number): number =>
  genesisTime + layer * layerDuration * 1000;

export const epochOf = ({ layersPerEpoch }: LayerClock, layer: number): number => Math.floor(layer / layersPerEpoch);

/**
 * The last layer without blocks. No smesher is eligible in the first two epochs (go-spacemesh common/types/layer.go,
 * GetEffectiveGenesis).
 */
export const effectiveGenesis = ({ layersPerEpoch }: LayerClock): number => 2 * layersPerEpoch - 1;

/** Longest delay of a timer, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Milliseconds to wait after a layer's start. A timer that fires early would report the previous layer again. */
const AFTER_THE_START = 2;

/**
 * Calls back at the start of every layer, beginning with the next one, or with layer 0 before genesis. Returns a
 * function
 * that stops the calls.
 */
export function onEveryLayer(clock: LayerClock, callback: (layer: number) => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (layer: number) => {
    const delay = layerStart(clock, layer) + AFTER_THE_START - Date.now();
    timer = setTimeout(() => (delay > LONGEST_TIMER ? wait(layer) : arrive()), Math.min(delay, LONGEST_TIMER));
  };
  const arrive = () => {
    const layer = layerAt(clock, Date.now());
    wait(layer + 1);
    callback(layer);
  };
  wait(Date.now() < clock.genesisTime ? 0 : layerAt(clock, Date.now()) + 1);
  return () => clearTimeout(timer);
}

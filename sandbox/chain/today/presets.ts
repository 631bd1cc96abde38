/** Defaults below the config file (go-spacemesh 1.8.3 config/presets). */
export interface Preset {
  readonly extraData: string;
  readonly hrp: string;
  /** Seconds. */
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  readonly labelsPerUnit: number;
  /** Milliseconds. */
  readonly phaseShift: number;
  readonly isSmeshing: boolean;
  /** Whether the preset names an address for rewards. */
  readonly hasCoinbase: boolean;
  readonly isStandalone: boolean;
  readonly publicListener: string;
  readonly privateListener: string;
}

const HOUR = 3_600_000;
const LISTENERS = { publicListener: "0.0.0.0:9092", privateListener: "127.0.0.1:9093" };

/** The presets by name. Without a name the node takes its values for mainnet. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  "": {
    ...LISTENERS,
    extraData: "00000000000000000001a6bc150307b5c1998045752b3c87eccf3c013036f3cc",
    hrp: "sm",
    layerDuration: 300,
    layersPerEpoch: 4032,
    labelsPerUnit: 4_294_967_296,
    phaseShift: 240 * HOUR,
    isSmeshing: false,
    hasCoinbase: false,
    isStandalone: false,
  },
  fastnet: {
    ...LISTENERS,
    extraData: "fastnet",
    hrp: "stest",
    layerDuration: 15,
    layersPerEpoch: 4,
    labelsPerUnit: 128,
    phaseShift: 30_000,
    isSmeshing: false,
    hasCoinbase: true,
    isStandalone: false,
  },
  standalone: {
    extraData: "standalone",
    hrp: "standalone",
    layerDuration: 6,
    layersPerEpoch: 10,
    labelsPerUnit: 64,
    phaseShift: 30_000,
    isSmeshing: true,
    hasCoinbase: true,
    isStandalone: true,
    publicListener: "0.0.0.0:10092",
    privateListener: "127.0.0.1:10093",
  },
  testnet: {
    ...LISTENERS,
    extraData: "0000000000000000000000c76c58ebac180989673fd6d237b40e66ed5c976ec3",
    hrp: "stest",
    layerDuration: 300,
    layersPerEpoch: 288,
    labelsPerUnit: 1024,
    phaseShift: 12 * HOUR,
    isSmeshing: false,
    hasCoinbase: false,
    isStandalone: false,
  },
};

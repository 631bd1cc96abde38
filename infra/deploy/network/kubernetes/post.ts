import { effective, type NodeConfig, numberAt } from "./node-config-value";

/** The sizes of a smesher's storage, in which all nodes of a network must agree. */
export interface PostSizes {
  readonly labelsPerUnit: number;
  readonly minNumUnits: number;
  readonly maxNumUnits: number;
}

const sizes = (labels: number, least: number, most: number): NodeConfig => ({
  post: { "post-labels-per-unit": labels, "post-min-numunits": least, "post-max-numunits": most },
});

/** What the presets say (go-spacemesh config/presets/fastnet.go, standalone.go, testnet.go). */
const OF_PRESET: Readonly<Record<string, NodeConfig>> = {
  fastnet: sizes(128, 2, 4),
  standalone: sizes(64, 1, 2),
  testnet: sizes(1024, 2, 0xffff_ffff),
};

/** The sizes under a preset and a config file. */
export function postSizes(preset: string, file: NodeConfig): PostSizes {
  const config = effective(OF_PRESET[preset] ?? {}, file);
  const size = (key: string) => numberAt(config, "post", key) ?? 0;
  return {
    labelsPerUnit: size("post-labels-per-unit"),
    minNumUnits: size("post-min-numunits"),
    maxNumUnits: size("post-max-numunits"),
  };
}

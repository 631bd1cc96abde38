import type { NodeConfig } from "./node-config-value";

/**
 * The text of a config file. A balance that no 64-bit float holds is written as text: a node reads a number of its
 * config as such a float, but takes every digit of a text (viper's ReadConfig, mapstructure's weak types). Nodes and
 * joiners have the same text, since a rounded balance makes another state.
 */
export const configText = (config: NodeConfig): string =>
  JSON.stringify(config, (_, value: unknown) => (typeof value === "bigint" ? exactly(value) : value), 2);

const exactly = (value: bigint): number | string => (BigInt(Number(value)) === value ? Number(value) : String(value));

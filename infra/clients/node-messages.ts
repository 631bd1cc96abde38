/** What a node says of itself, in either version of its API. */
export interface NodeStatus {
  /** Number of connected peers. */
  readonly connectedPeers: number;
  readonly isSynced: boolean;
  readonly syncedLayer: number;
  /** Layer of the node's clock. */
  readonly topLayer: number;
  readonly verifiedLayer: number;
}

/** A message as JSON or as proto-loader decodes it. */
export type Message = Readonly<Record<string, unknown>>;

/** An answer that is not what the API says; the message tells which part. */
export class UnexpectedMessage extends Error {}

/** Reads `spacemesh.v1.StatusResponse`; zero values may be left out, but only inside a message that is there. */
export function statusV1(message: Message): NodeStatus {
  const status = part(message, "status");
  return {
    connectedPeers: number(status, "connected_peers"),
    isSynced: field(status, "is_synced") === true,
    syncedLayer: layer(status, "synced_layer"),
    topLayer: layer(status, "top_layer"),
    verifiedLayer: layer(status, "verified_layer"),
  };
}

/** Reads `spacemesh.v2alpha1.NodeStatusResponse`, whose applied layer is the era's verified one. */
export function statusV2(message: Message): NodeStatus {
  const status = field(message, "status");
  return {
    connectedPeers: number(message, "connected_peers"),
    isSynced: status === "SYNC_STATUS_SYNCED" || status === 3,
    syncedLayer: number(message, "processed_layer"),
    topLayer: number(message, "current_layer"),
    verifiedLayer: number(message, "applied_layer"),
  };
}

/** Reads a `SimpleString` such as `version_string`. */
export const simpleString = (message: Message, name: string): string =>
  String(field(part(message, name), "value") ?? "");

/** Reads bytes as hexadecimal: a Buffer from gRPC, base64 from JSON. */
export function bytes(message: Message, name: string): string {
  const value = field(message, name);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (typeof value === "string") return Buffer.from(value, "base64").toString("hex");
  throw new UnexpectedMessage(`no ${name} in ${JSON.stringify(message)}`);
}

/** A message inside a message. @throws {UnexpectedMessage} when it is not there. */
export function part(message: Message, name: string): Message {
  const value = field(message, name);
  if (typeof value === "object" && value !== null) return value as Message;
  throw new UnexpectedMessage(`no ${name} in ${JSON.stringify(message)}`);
}

/** An absent number is 0, since the message around it is there. 64-bit numbers come as text. */
function number(message: Message, name: string): number {
  const value = Number(field(message, name) ?? 0);
  if (Number.isSafeInteger(value)) return value;
  throw new UnexpectedMessage(`${name} is ${JSON.stringify(field(message, name))}, not a whole number`);
}

/** A layer is a message of its own, which the era's gateway leaves out when its number is 0. */
const layer = (message: Message, name: string): number => number((field(message, name) ?? {}) as Message, "number");

/** By the name in the .proto file, or by today's JSON name. */
const field = (message: Message, name: string): unknown => message[name] ?? message[camelCase(name)];

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

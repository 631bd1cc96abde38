import { UserError } from "../../lib/errors";
import type { NodeStatus } from "../../model/sample";

/**
 * A message as plain data, from any of three writers: proto-loader (names of the .proto files, bytes as Buffers), the
 * era's JSON gateway (the same names, zero values left out, bytes as base64) and today's (camelCase names). All write
 * 64-bit numbers as text.
 */
export type Message = Readonly<Record<string, unknown>>;

/** An answer that is not what the API says; the message tells which part. */
export class UnexpectedMessage extends UserError {
  constructor(what: string, message: Message) {
    super(`${what} in the node's answer ${JSON.stringify(message).slice(0, 200)}`);
    this.name = "UnexpectedMessage";
  }
}

/** Reads `spacemesh.v1.StatusResponse`; zeros may be left out, but not the messages around them. */
export function statusV1(message: Message): NodeStatus {
  const status = part(message, "status");
  const layer = (name: string) => number(part(status, name), "number");
  return {
    connectedPeers: number(status, "connected_peers"),
    isSynced: field(status, "is_synced") === true,
    syncedLayer: layer("synced_layer"),
    topLayer: layer("top_layer"),
    verifiedLayer: layer("verified_layer"),
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

/** Reads bytes as hexadecimal: a Buffer from gRPC, base64 from JSON. @throws {UnexpectedMessage} when they are not there. */
export function bytes(message: Message, name: string): string {
  const value = field(message, name);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (typeof value === "string") return Buffer.from(value, "base64").toString("hex");
  throw new UnexpectedMessage(`no ${name}`, message);
}

/** A message inside a message. @throws {UnexpectedMessage} when it is not there. */
function part(message: Message, name: string): Message {
  const value = field(message, name);
  if (typeof value === "object" && value !== null) return value as Message;
  throw new UnexpectedMessage(`no ${name}`, message);
}

/** An absent number is 0, since the message around it is there. */
function number(message: Message, name: string): number {
  const value = field(message, name) ?? 0;
  const read = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof read === "number" && Number.isSafeInteger(read) && read >= 0) return read;
  throw new UnexpectedMessage(`${name} is not a whole number`, message);
}

/** By the name in the .proto file, or by today's JSON name. */
const field = (message: Message, name: string): unknown => message[name] ?? message[camelCase(name)];

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

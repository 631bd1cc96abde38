import { beginningOf } from "../../lib/cut";
import { UserError } from "../../lib/errors";
import { isObject } from "../../lib/json";
import type { NodeStatus } from "../../model/sample";

/**
 * A message as plain data. There are three writers: proto-loader (names of the .proto files, bytes as Buffers), the
 * JSON gateway of 2021 (the same names, no zero values, bytes as base64) and that of today (camelCase names). All write
 * 64-bit numbers as text.
 */
export type Message = Readonly<Record<string, unknown>>;

/** A node's answer that is not what its API promises. */
export class UnexpectedMessage extends UserError {
  /** @param fault says what is wrong, as a phrase after "has": `no genesis_id` */
  constructor(fault: string, message: Message) {
    super(
      "NodeAnswerUnexpected",
      `The node's answer has ${fault}: ${beginningOf(JSON.stringify(message), 200)}.`,
      "Check the node's version and log.",
    );
    this.name = "UnexpectedMessage";
  }
}

/** Reads `spacemesh.v1.StatusResponse`. Zeros may be absent, but not the messages around them. */
export function statusV1(message: Message): NodeStatus {
  const status = part(message, "status");
  const layer = (name: string) => layerNumber(part(status, name), "number");
  return {
    connectedPeers: number(status, "connected_peers"),
    isSynced: field(status, "is_synced") === true,
    syncedLayer: layer("synced_layer"),
    topLayer: layer("top_layer"),
    verifiedLayer: layer("verified_layer"),
  };
}

/**
 * Reads `NodeStatusResponse` of v2beta1 or v2alpha1. Its applied layer is the verified layer of v1, and its latest layer
 * the synced one (go-spacemesh api/grpcserver/v1/node_service.go, getLayers). Its processed layer tells no progress: in
 * epochs of more than 4 layers it stands for good after one missed layer (go-spacemesh mesh/mesh.go, setProcessedLayer).
 */
export function statusV2(message: Message): NodeStatus {
  const status = field(message, "status");
  return {
    connectedPeers: number(message, "connected_peers"),
    isSynced: status === "SYNC_STATUS_SYNCED" || status === 3,
    syncedLayer: layerNumber(message, "latest_layer"),
    topLayer: layerNumber(message, "current_layer"),
    verifiedLayer: layerNumber(message, "applied_layer"),
  };
}

/** Reads the state root of the one layer in a v1 `LayersQueryResponse`. A layer without a block has only its number. */
export const rootV1 = (message: Message): string => root(listed(message, "layer")[0], "root_state_hash");

/**
 * Reads the state root of a layer in a v2beta1 or v2alpha1 `LayerList`, which lacks a layer that the node does not know.
 * That is the state hash, equal to v1's root. The cumulative hash is an opinion about blocks, which may still change.
 */
export const rootV2 = (message: Message, layer: number): string =>
  root(
    listed(message, "layers").find((one) => isObject(one) && number(one, "number") === layer),
    "state_hash",
  );

/** Reads a state root in hexadecimal; empty when there is none. Zeros stand for none before the first block. */
function root(layer: unknown, name: string): string {
  const read = isObject(layer) && field(layer, name) !== undefined ? bytes(layer, name) : "";
  return /[^0]/.test(read) ? read : "";
}

/** A list in a message. An empty one may be absent. */
export function listed(message: Message, name: string): readonly unknown[] {
  const list = field(message, name);
  return Array.isArray(list) ? list : [];
}

/** Reads a `SimpleString` such as `version_string`. */
export const simpleString = (message: Message, name: string): string =>
  String(field(part(message, name), "value") ?? "");

/** Reads bytes, a Buffer or base64, as hexadecimal. @throws {UnexpectedMessage} when they are absent */
export function bytes(message: Message, name: string): string {
  const value = field(message, name);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (typeof value === "string") return Buffer.from(value, "base64").toString("hex");
  throw new UnexpectedMessage(`no ${name}`, message);
}

/** A message inside a message. @throws {UnexpectedMessage} when it is absent */
export function part(message: Message, name: string): Message {
  const value = field(message, name);
  if (isObject(value)) return value;
  throw new UnexpectedMessage(`no ${name}`, message);
}

/** Reads a number. An absent one is 0, since the message around it is present. */
function number(message: Message, name: string): number {
  const value = field(message, name) ?? 0;
  const read = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof read === "number" && Number.isSafeInteger(read) && read >= 0) return read;
  throw new UnexpectedMessage(`no whole number in ${name}`, message);
}

/** What -1 looks like in the 32 bits of a layer. */
const NO_LAYER = 0xffff_ffff;

/** Reads the number of a layer. @throws {UnexpectedMessage} for a node that has no layer yet */
function layerNumber(message: Message, name: string): number {
  const layer = number(message, name);
  if (layer < NO_LAYER) return layer;
  throw new UnexpectedMessage(`no layer in ${name}`, message);
}

/** Finds a field by its name in the .proto file, or by its camelCase name. */
export const field = (message: Message, name: string): unknown => message[name] ?? message[camelCase(name)];

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

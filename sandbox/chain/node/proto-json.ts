import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { type Message, protos } from "../protos";

/**
 * JSON form of protobuf messages. `gateway1` is grpc-gateway 1, which go-spacemesh's versions of 2021 use (snake_case,
 * zero
 * values omitted). `gateway2` is grpc-gateway 2 (camelCase, zero values written). Both write 64-bit numbers as strings,
 * bytes as base64 and enums by name (protobuf.dev, "ProtoJSON Format").
 */
export type JsonManner = "gateway1" | "gateway2";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The parts of a FieldDescriptorProto that decide the JSON form. */
interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
  readonly oneofIndex: number;
}

/** The parts of a DescriptorProto that decide the JSON form. */
interface Descriptor {
  readonly field: readonly Field[];
  readonly oneofDecl: readonly { readonly name: string }[];
  readonly enumType: readonly { readonly name: string; readonly value: readonly { readonly name: string }[] }[];
}

/**
 * Converts a message of the named type, e.g. `spacemesh.v1.StatusResponse`, to JSON data.
 * @param types the types by full name; those of the era without them
 */
export function toJson(message: Message, typeName: string, manner: JsonManner, types = protos()): Json {
  if (typeName === "google.protobuf.Timestamp")
    return new Date(Number(message.seconds) * 1000).toISOString().replace(".000Z", "Z");
  if (typeName === "google.protobuf.Duration") return `${Number(message.seconds)}s`;
  const descriptor = descriptorOf(typeName, types);
  const entries = descriptor.field.flatMap((field): [string, Json][] => {
    if (message[field.name] === undefined && isChosen(field, descriptor)) return [];
    const zero = zeroOf(field, descriptor);
    const given = message[field.name] ?? zero;
    const isZero = given === null || isEqual(given, zero);
    if (isZero && manner === "gateway1") return [];
    return [[nameOf(field, manner), valueToJson(given, field, typeName, manner, types)]];
  });
  return Object.fromEntries(entries);
}

/** Reads a request body. Accepts camelCase and snake_case field names, as grpc-gateway does. */
export function fromJson(json: Json): Message {
  return isObject(json) ? (snakeCase(json) as Message) : {};
}

function valueToJson(value: unknown, field: Field, parent: string, manner: JsonManner, types: PackageDefinition): Json {
  if (value === null) return null;
  if (Array.isArray(value) && field.label === "LABEL_REPEATED") {
    return value.map((item) => valueToJson(item, { ...field, label: "LABEL_OPTIONAL" }, parent, manner, types));
  }
  if (field.type === "TYPE_MESSAGE")
    return toJson(value as Message, resolve(field.typeName, parent, types), manner, types);
  if (field.type === "TYPE_BYTES") return Buffer.from(value as Uint8Array).toString("base64");
  return field.type.endsWith("64") ? String(value) : (value as Json);
}

/**
 * Whether a field is optional, or one of several of which a message has one. No manner writes such a field when it is
 * absent. A descriptor gives index 0 to fields of no `oneof` too, so a message with a `oneof` must have no other fields.
 */
const isChosen = ({ name, oneofIndex }: Field, { oneofDecl }: Descriptor): boolean =>
  oneofDecl.some((one) => one.name === `_${name}`) || oneofDecl[oneofIndex]?.name.startsWith("_") === false;

/** The value that proto3 does not distinguish from absence. Null for messages, whose absence it does distinguish. */
function zeroOf(field: Field, { enumType }: Descriptor): unknown {
  if (field.label === "LABEL_REPEATED") return [];
  if (field.type === "TYPE_MESSAGE") return null;
  if (field.type === "TYPE_ENUM") return enumType.find(({ name }) => name === field.typeName)?.value[0]?.name;
  if (field.type === "TYPE_BYTES") return Buffer.alloc(0);
  if (field.type === "TYPE_STRING") return "";
  return field.type === "TYPE_BOOL" ? false : 0;
}

function isEqual(given: unknown, zero: unknown): boolean {
  if (Array.isArray(given) || given instanceof Uint8Array) return given.length === 0;
  return given === zero;
}

const nameOf = ({ name }: Field, manner: JsonManner): string =>
  manner === "gateway1" ? name : name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Completes a type's name. Descriptors omit the package for types of their own package. */
function resolve(typeName: string, parent: string, types: PackageDefinition): string {
  const local = `${parent.slice(0, parent.lastIndexOf("."))}.${typeName}`;
  return local in types ? local : typeName;
}

function descriptorOf(typeName: string, types: PackageDefinition): Descriptor {
  const definition = types[typeName];
  if (!definition || !("format" in definition)) throw new Error(`no .proto file has a message ${typeName}`);
  // The loader types the descriptor as a plain object.
  return (definition as MessageTypeDefinition<object, object>).type as Descriptor;
}

const isObject = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);

function snakeCase(json: Json): Json {
  if (Array.isArray(json)) return json.map(snakeCase);
  if (!isObject(json)) return json;
  const entries = Object.entries(json).map(([key, value]): [string, Json] => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snakeCase(value),
  ]);
  return Object.fromEntries(entries);
}

import { status } from "@grpc/grpc-js";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";

/** Most items of one answer. */
const LIMIT = 100;

/** @throws {ApiError} when the limit is absent or above the node's own */
export function limitOf({ limit }: Message): number {
  const count = numberOf(limit);
  if (count > LIMIT) throw new ApiError(status.INVALID_ARGUMENT, "limit is capped at 100");
  if (count === 0) throw new ApiError(status.INVALID_ARGUMENT, "limit must be set to <= 100");
  return count;
}

/** A number of a request, which is text for 64 bits. */
export const numberOf = (value: unknown): number =>
  typeof value === "number" || typeof value === "string" ? Number(value) || 0 : 0;

import { status as Code } from "@grpc/grpc-js";
import { UserError } from "../../lib/errors";
import type { Message } from "./messages";

/** A way to a node's API. */
export interface Connection {
  /**
   * Calls a unary method once.
   * @param path e.g. `spacemesh.v1.NodeService/Status`
   * @param signal ends the call; its reason is thrown then
   * @throws {CallError} when there is no answer in time, or it is an error
   */
  call(path: string, request?: Message, signal?: AbortSignal): Promise<Message>;
  /**
   * Calls a method once that answers with a stream which ends by itself. Takes what {@link call} takes.
   * @throws {CallError} when the stream does not end in time, or ends with an error
   */
  list(path: string, request: Message, signal?: AbortSignal): Promise<Message[]>;
  close(): void;
}

/** A call failed: there was no answer, or it was an error. */
export class CallError extends UserError {
  /** The first line of what the node or the connection says. */
  readonly reason: string;

  /**
   * @param where who was called: `HOST:PORT`
   * @param status of gRPC
   * @param details why, of which the first line counts
   */
  constructor(
    where: string,
    path: string,
    readonly status: Code,
    details: string,
  ) {
    const reason = details.split("\n")[0] ?? "";
    super(
      "NodeSilent",
      `${where} does not answer ${path.split("/")[1]}: ${Code[status]} (${reason}).`,
      "Check that the node runs and is reachable.",
    );
    this.name = "CallError";
    this.reason = reason;
  }
}

import { status as Code } from "@grpc/grpc-js";
import { UserError } from "../../lib/errors";
import type { Message } from "./messages";

/** A way to a node's API. */
export interface Connection {
  /**
   * Calls a unary method once.
   * @param path e.g. `spacemesh.v1.NodeService/Status`
   * @throws {CallError} when there is no answer in time, or it is an error
   */
  call(path: string, request?: Message): Promise<Message>;
  close(): void;
}

/** A call failed: there was no answer, or it was an error. */
export class CallError extends UserError {
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
    super(
      "NodeSilent",
      `${where} does not answer ${path.split("/")[1]}: ${Code[status]} (${details.split("\n")[0]}).`,
      "Check that the node runs and is reachable.",
    );
    this.name = "CallError";
  }
}

import { WebSocket } from "ws";
import { UserError } from "../user-error";

/** What the dashboard's backend says first (spacemeshos/dash-backend, messages of /ws). */
export interface DashboardMessage {
  /** The network's genesis id, in hexadecimal. */
  readonly network: string;
  /** Start of layer 0, in seconds since 1970. */
  readonly genesis: number;
}

/** Longest wait for the first message, in milliseconds. */
const TIMEOUT = 5000;

/**
 * The first message of the dashboard's WebSocket.
 * @param url `ws://HOST[:PORT]/ws`
 * @param address where that host is
 * @throws {UserError} when none comes
 */
export function firstDashboardMessage(url: string, address: string): Promise<DashboardMessage> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new UserError(`${url} at ${address} ${why}`));
    const socket = new WebSocket(url, {
      handshakeTimeout: TIMEOUT,
      lookup: (_host, options, done) => (options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)),
    });
    const timer = setTimeout(() => {
      fail(`sends no message in ${TIMEOUT / 1000} s`);
      socket.terminate();
    }, TIMEOUT);
    socket.on("message", (data) => {
      const { network, genesis } = JSON.parse(String(data)) as Record<string, unknown>;
      resolve({ network: String(network ?? "").replace(/^0x/, ""), genesis: Number(genesis) });
      socket.terminate();
    });
    socket.on("error", (error) => fail(`does not answer: ${error.message}`));
    socket.on("close", (code) => {
      clearTimeout(timer);
      fail(`closes with ${code} before a message`); // of no effect after one
    });
  });
}

import { WebSocket } from "ws";
import { UserError } from "../lib/errors";
import { at, beginning, parseObject } from "./http";

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
 * @param address IPv4 address where that host is
 * @param timeout longest wait, in milliseconds
 * @throws {UserError} when none comes, or not one of a dashboard
 */
export function firstDashboardMessage(url: string, address: string, timeout = TIMEOUT): Promise<DashboardMessage> {
  const { promise, settle } = firstSettlement<DashboardMessage>();
  const fail = (why: string) => settle(() => Promise.reject(new UserError(`${url} at ${address} ${why}`)));
  const socket = new WebSocket(url, { lookup: at(address) });
  const timer = setTimeout(() => fail(`sends no message in ${timeout} ms`), timeout);
  socket.on("message", (data) => settle(() => readDashboardMessage(String(data))));
  socket.on("error", (error) => fail(`does not answer: ${error.message}`));
  socket.on("close", (code) => fail(`closes with ${code} before a message`));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.terminate();
  });
}

/** Reads a message. Pure. @throws {UserError} when it names no network. */
export function readDashboardMessage(text: string): DashboardMessage {
  const { network, genesis } = parseObject("the dashboard", text);
  if (typeof network === "string" && typeof genesis === "number") {
    return { network: network.replace(/^0x/, ""), genesis };
  }
  throw new UserError(`the dashboard's message names no network: ${beginning(text)}`);
}

/** A promise that the first of several events settles; the others come too late to matter. */
function firstSettlement<T>() {
  let settle!: (result: () => T | Promise<T>) => void;
  const promise = new Promise<() => T | Promise<T>>((resolve) => {
    settle = resolve;
  }).then((result) => result());
  return { promise, settle };
}

import { WebSocket } from "ws";
import { LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { at, numberIn, parseObject, unexpected } from "./http";

/** The first message of the dashboard's backend (spacemeshos/dash-backend, messages of /ws). */
export interface DashboardMessage {
  /** The network's genesis id, in hexadecimal. */
  readonly network: string;
  /** Start of layer 0, in seconds since 1970. */
  readonly genesis: number;
  /** Newest layer that it shows; absent when it does not tell. */
  readonly layer?: number;
}

/** Time limit for the first message, in milliseconds. */
const TIMEOUT = 5000;

/**
 * Waits for the first message of the dashboard's WebSocket.
 * @param url `ws://HOST[:PORT]/ws`
 * @param address IPv4 address of that host
 * @param timeout time limit, in milliseconds
 * @throws {UserError} when no message comes, or it is not that of a dashboard
 */
export function firstDashboardMessage(url: string, address: string, timeout = TIMEOUT): Promise<DashboardMessage> {
  const { promise, settle } = firstSettlement<DashboardMessage>();
  const fail = (reason: string) => settle(() => Promise.reject(silent(url, address, reason)));
  const socket = new WebSocket(url, { lookup: at(address), maxPayload: LIMITS.answer });
  const timer = setTimeout(() => fail(`no message in ${timeout} ms`), timeout);
  socket.on("message", (data) => settle(() => readDashboardMessage(String(data))));
  socket.on("error", (error) => fail(error.message));
  socket.on("close", (code) => fail(`closed with code ${code} before a message`));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.terminate();
  });
}

/** Reads a message. @throws {UserError} when it names no network */
export function readDashboardMessage(text: string): DashboardMessage {
  const message = parseObject("the dashboard", text);
  const { network } = message;
  const genesis = numberIn(message.genesis);
  const layer = numberIn(message.layer);
  if (typeof network === "string" && genesis !== undefined) {
    return { network: network.replace(/^0x/, ""), genesis, ...(layer !== undefined && { layer }) };
  }
  throw unexpected("a network", "the dashboard", text);
}

const silent = (url: string, address: string, reason: string): UserError =>
  new UserError(
    "ServiceSilent",
    `${url} at ${address} does not answer (${reason}).`,
    "Check that the dashboard runs and is reachable.",
  );

/** A promise that the first of several events settles. The others change nothing. */
function firstSettlement<T>() {
  let settle!: (result: () => T | Promise<T>) => void;
  const promise = new Promise<() => T | Promise<T>>((resolve) => {
    settle = resolve;
  }).then((result) => result());
  return { promise, settle };
}

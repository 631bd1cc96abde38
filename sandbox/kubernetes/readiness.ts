import { get } from "node:http";
import { connect } from "node:net";
import type { IntOrString, V1Container, V1Probe } from "@kubernetes/client-node";

/** Milliseconds between two checks of a program that is not ready yet, and of one that is. */
const ASK_UNTIL_READY = 50;
const ASK_WHILE_READY = 1000;

/** Milliseconds between two probes over the network until the first success. */
const PROBE_UNTIL_READY = 200;

/** Failures in a row that make a ready container unready (kubernetes.io, "Configure Probes"). */
const FAILURE_THRESHOLD = 3;

/** Seconds between two probes of the kubelet, unless the probe says another number. */
const PERIOD = 10;

/** Whether a container can serve now. */
export type Check = () => boolean | Promise<boolean>;

/**
 * Checks whether a container is ready: often until it is, and every second after that. Calls back when the result
 * changes. Returns a function that stops the checks.
 * @param own readiness that the program itself reports
 * @param probe probe of the container's spec, if any; its start delay and period are ignored
 */
export function watchReadiness(own: Check, probe: Probe | undefined, changed: (ready: boolean) => void): () => void {
  let isReady = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const ask = async () => {
    const isUp = await says(own);
    const isProbed = probe ? await probe.check() : true;
    if (isStopped) return;
    failures = isProbed ? 0 : failures + 1;
    const survives = isReady && failures < (probe?.failureThreshold ?? FAILURE_THRESHOLD);
    const ready = isUp && (isProbed || survives);
    if (ready !== isReady) {
      isReady = ready;
      changed(ready);
    }
    timer = setTimeout(ask, ready ? ASK_WHILE_READY : probe && isUp ? PROBE_UNTIL_READY : ASK_UNTIL_READY);
  };

  void ask();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** A program whose check fails is not ready. */
async function says(check: Check): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

/** A readiness probe that the sandbox supports. */
export interface Probe {
  readonly check: () => Promise<boolean>;
  readonly failureThreshold: number;
}

/** A startup probe that the sandbox supports. */
export interface StartupProbe extends Probe {
  /** Milliseconds after which a container that never passed is ended. */
  readonly limit: number;
}

/** The HTTP or TCP readiness probe of a container; undefined without one, or for a command or gRPC probe. */
export const readinessProbe = ({ readinessProbe: probe, ports }: V1Container, address: string): Probe | undefined =>
  probe && supported(probe, ports, address);

/** The HTTP or TCP startup probe of a container. Its limit is the kubelet's: start delay, then all failures. */
export function startupProbe({ startupProbe: probe, ports }: V1Container, address: string): StartupProbe | undefined {
  const check = probe && supported(probe, ports, address);
  if (!check) return undefined;
  const { initialDelaySeconds = 0, periodSeconds = PERIOD } = probe;
  return { ...check, limit: (initialDelaySeconds + check.failureThreshold * periodSeconds) * 1000 };
}

/** Checks a container that starts, often, until it passes or its limit is over. */
export function watchStartup(probe: StartupProbe, settled: (hasPassed: boolean) => void): () => void {
  const end = Date.now() + probe.limit;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const ask = async () => {
    const hasPassed = await probe.check();
    if (isStopped) return;
    if (hasPassed || Date.now() >= end) settled(hasPassed);
    else timer = setTimeout(ask, PROBE_UNTIL_READY);
  };
  void ask();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

function supported(probe: V1Probe, ports: V1Container["ports"] = [], address: string): Probe | undefined {
  const numberOf = (port: IntOrString): number =>
    Number(ports.find(({ name }) => name === port)?.containerPort ?? port);
  const { httpGet, tcpSocket, timeoutSeconds = 1, failureThreshold = FAILURE_THRESHOLD } = probe;
  const timeout = timeoutSeconds * 1000;
  if (httpGet) {
    const { path = "/", port, httpHeaders = [] } = httpGet;
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
    return { check: () => answersHttp(address, numberOf(port), path, headers, timeout), failureThreshold };
  }
  if (tcpSocket) return { check: () => acceptsTcp(address, numberOf(tcpSocket.port), timeout), failureThreshold };
  return undefined;
}

/** Whether a GET is answered with a status from 200 to 399. @param timeout milliseconds */
export const answersHttp = (
  host: string,
  port: number,
  path: string,
  headers: Record<string, string>,
  timeout: number,
): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host, port, path, headers, timeout, agent: false }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 400);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });

/** Whether a connection opens. @param timeout milliseconds */
export const acceptsTcp = (host: string, port: number, timeout: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const settle = (accepted: boolean) => {
      resolve(accepted);
      socket.destroy();
    };
    socket.on("connect", () => settle(true));
    socket.on("timeout", () => settle(false));
    socket.on("error", () => settle(false));
  });

import type { V1Node, V1Pod } from "@kubernetes/client-node";

/** Factors of the suffixes of a quantity (k8s.io/apimachinery, pkg/api/resource). */
const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of Kubernetes as a number: cores, bytes or pieces. NaN for what is none. */
export function amountOf(quantity: string): number {
  const [, number = "", suffix = ""] = /^(\d+(?:\.\d+)?(?:e\d+)?)([A-Za-z]{0,2})$/.exec(quantity) ?? [];
  return number === "" ? Number.NaN : Number(number) * (FACTORS[suffix] ?? Number.NaN);
}

/** Cores, bytes of memory and pods. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** What machines have for pods, together. Those that take no new pods do not count. */
export function allocatableOf(nodes: readonly V1Node[]): Amounts {
  const open = nodes.filter(({ spec }) => spec?.unschedulable !== true);
  const sum = (name: string) => total(open.map(({ status }) => amountOf(status?.allocatable?.[name] ?? "0")));
  return { cpu: sum("cpu"), memory: sum("memory"), pods: sum("pods") };
}

/** What pods that are not over have requested, together. */
export function requestedBy(pods: readonly V1Pod[]): Amounts {
  const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  const sum = (name: string) =>
    total(
      running.flatMap(({ spec }) =>
        (spec?.containers ?? []).map(({ resources }) => amountOf(resources?.requests?.[name] ?? "0")),
      ),
    );
  return { cpu: sum("cpu"), memory: sum("memory"), pods: running.length };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, one) => sum + one, 0);

/** Cores for people, with at most one decimal. */
export const cores = (amount: number): string => `${Math.round(amount * 10) / 10}`;

/** Bytes for people, in GiB with at most one decimal. */
export const gibibytes = (amount: number): string => `${Math.round((amount / 2 ** 30) * 10) / 10} GiB`;

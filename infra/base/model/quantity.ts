/** Factors of Kubernetes' suffixes (k8s.io/apimachinery/pkg/api/resource). */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
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

/** A quantity of Kubernetes, e.g. `1300m`, `1600Mi` or `1e3`, as a number of its unit; undefined for any other text. */
export function quantityIn(text: string): number | undefined {
  const [, digits, exponent, suffix = ""] =
    /^(\d{1,18}(?:\.\d{1,18})?)(?:[eE]([+-]?\d{1,2})|([A-Za-z]{1,2}))?$/.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  if (digits === undefined || factor === undefined) return undefined;
  return Number(digits) * (exponent === undefined ? factor : 10 ** Number(exponent));
}

/** `32.5 cores`. */
export const coresText = (cpu: number): string => `${tenths(cpu)} cores`;

/** `39.1 GiB`. */
export const sizeText = (bytes: number): string => `${tenths(bytes / 2 ** 30)} GiB`;

const tenths = (value: number): string => `${Math.round(value * 10) / 10}`;

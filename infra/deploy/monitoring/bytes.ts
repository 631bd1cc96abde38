/** Factors of Kubernetes' units for sizes (apimachinery resource/suffix.go). */
const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A size in Kubernetes' units, `10Gi`, in bytes; undefined for what is none. */
export function bytesOf(size: string): number | undefined {
  const [, digits, unit] = /^(\d{1,15})([kMGT]?i?)$/.exec(size) ?? [];
  const factor = FACTORS[unit ?? "none"];
  return factor === undefined ? undefined : Number(digits) * factor;
}

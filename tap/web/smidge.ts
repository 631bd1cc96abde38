/** Smidge in one SMH. */
const COIN = 1_000_000_000n;

/** `10 SMH` or `0.5 SMH` for an amount in smidge; `20 smidge` for what is less than a thousandth. */
export function smhText(smidge: bigint): string {
  if (smidge > 0n && smidge < COIN / 1000n) return `${smidge} smidge`;
  const whole = (smidge / COIN).toLocaleString("en").replaceAll(",", " ");
  const digits = (smidge % COIN).toString().padStart(9, "0").slice(0, 3);
  const part = digits === "000" ? "" : `.${digits.replace(/0{1,2}$/, "")}`;
  return `${whole}${part} SMH`;
}

/** What the bytes of an encoding are made of. */
export type Part = Uint8Array | number | bigint;

/** The greatest numbers of the encodings in one, two and four bytes. */
const ONE_BYTE = 2n ** 6n - 1n;
const TWO_BYTES = 2n ** 14n - 1n;
const FOUR_BYTES = 2n ** 30n - 1n;
export const GREATEST = 2n ** 64n - 1n;

/** Encodes parts one after the other in SCALE: bytes as they are, numbers compact (spacemeshos/go-scale). */
export const scale = (...parts: readonly Part[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : compact(BigInt(part)))));

/**
 * A whole number as short as possible. The lowest two bits tell how long it is; above 30 bits the first byte counts the
 * bytes after it, less four.
 * @throws {RangeError} for a number that is no unsigned one of 64 bits
 */
function compact(value: bigint): Uint8Array {
  if (value < 0n || value > GREATEST) throw new RangeError(`${value} is no unsigned number of 64 bits`);
  if (value <= ONE_BYTE) return littleEndian(value << 2n, 1);
  if (value <= TWO_BYTES) return littleEndian((value << 2n) | 1n, 2);
  if (value <= FOUR_BYTES) return littleEndian((value << 2n) | 2n, 4);
  const length = Math.ceil(value.toString(16).length / 2);
  return littleEndian((value << 8n) | BigInt(((length - 4) << 2) | 3), length + 1);
}

const littleEndian = (value: bigint, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

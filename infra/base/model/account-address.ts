/** A bech32 character's value is its place (BIP 173). */
const CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Bytes of an address, and how many of the first are 0 (go-spacemesh common/types/address.go). */
export const ADDRESS_BYTES = 24;
const RESERVED_BYTES = 4;

/** Length of an address in characters without its prefix: its 24 bytes, three bits of zeros, and a checksum. */
const DATA_LENGTH = 39;
const CHECKSUM_LENGTH = 6;

/**
 * What is wrong with the address of an account; undefined when nothing is. A node ends at a wrong one
 * (go-spacemesh common/types/address.go, StringToAddress). It takes capitals and any last three bits. Here an address
 * has one form alone, so that nobody passes for eight.
 * @param hrp the network's prefix
 */
export function addressProblem(address: string, hrp: string): string | undefined {
  const at = address.lastIndexOf("1");
  const prefix = address.slice(0, Math.max(0, at));
  if (prefix !== hrp) return `begins with "${prefix}", not with "${hrp}"`;
  const data = [...address.slice(at + 1)].map((character) => CHARACTERS.indexOf(character));
  if (data.includes(-1) || checksum(prefix, data) !== 1) return "has a wrong checksum";
  if (data.length !== DATA_LENGTH + CHECKSUM_LENGTH) return "has a wrong length";
  const bytes = regrouped(data.slice(0, DATA_LENGTH), 5, 8);
  if (bytes.slice(0, RESERVED_BYTES).some((byte) => byte !== 0)) return "does not begin with four zero bytes";
  return bytes[ADDRESS_BYTES] === 0 ? undefined : "ends with bits that an address does not have";
}

/**
 * The 24 bytes of an address.
 * @throws {RangeError} for one of which {@link addressProblem} tells a problem
 */
export function addressBytes(address: string, hrp: string): Uint8Array {
  const problem = addressProblem(address, hrp);
  if (problem !== undefined) throw new RangeError(`the address ${problem}`);
  const data = [...address.slice(hrp.length + 1, -CHECKSUM_LENGTH)].map((character) => CHARACTERS.indexOf(character));
  return Uint8Array.from(regrouped(data, 5, 8).slice(0, ADDRESS_BYTES));
}

/** The address of 24 bytes in its text form, e.g. `stest1qqqq...`. @param hrp the network's prefix */
export function addressText(bytes: Uint8Array, hrp: string): string {
  const data = regrouped([...bytes], 8, 5);
  const sum = checksum(hrp, [...data, ...Array<number>(CHECKSUM_LENGTH).fill(0)]) ^ 1;
  const ending = Array.from({ length: CHECKSUM_LENGTH }, (_, i) => (sum >> (5 * (CHECKSUM_LENGTH - 1 - i))) & 31);
  return `${hrp}1${[...data, ...ending].map((value) => CHARACTERS[value]).join("")}`;
}

/** The same bits in groups of another size. The last group is filled up with zeros. */
function regrouped(groups: readonly number[], from: number, to: number): number[] {
  const bits = groups.map((group) => group.toString(2).padStart(from, "0")).join("");
  const count = Math.ceil(bits.length / to);
  return Array.from({ length: count }, (_, i) => Number.parseInt(bits.slice(i * to, (i + 1) * to).padEnd(to, "0"), 2));
}

/** The checksum over prefix and data; 1 when the data ends with that of an address (BIP 173). */
function checksum(prefix: string, data: readonly number[]): number {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  const values = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data];
  return values.reduce((sum, value) => {
    const shifted = ((sum & 0x1ffffff) << 5) ^ value;
    return GENERATOR.reduce((all, part, i) => (((sum >> 25) >> i) & 1 ? all ^ part : all), shifted);
  }, 1);
}

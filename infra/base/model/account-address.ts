/** A bech32 character's value is its place (BIP 173). */
const CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Length of an address in characters without its prefix: 24 bytes, of which the first four are 0, and a checksum. */
const DATA_LENGTH = 39;
const CHECKSUM_LENGTH = 6;

/**
 * What is wrong with the address of an account; undefined when nothing is. A node ends at a wrong one
 * (go-spacemesh common/types/address.go, StringToAddress).
 * @param hrp the network's prefix
 */
export function addressProblem(address: string, hrp: string): string | undefined {
  const at = address.lastIndexOf("1");
  const prefix = address.slice(0, Math.max(0, at));
  if (prefix !== hrp) return `begins with "${prefix}", not with "${hrp}"`;
  const data = [...address.slice(at + 1)].map((character) => CHARACTERS.indexOf(character));
  if (data.includes(-1) || checksum(prefix, data) !== 1) return "has a wrong checksum";
  if (data.length !== DATA_LENGTH + CHECKSUM_LENGTH) return "has a wrong length";
  // Four bytes are six characters of five bits and two bits of the seventh.
  const [seventh = 0] = data.slice(6);
  const isReserved = data.slice(0, 6).every((value) => value === 0) && seventh < 8;
  return isReserved ? undefined : "does not begin with four zero bytes";
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

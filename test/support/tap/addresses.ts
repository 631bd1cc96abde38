const CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** A valid address of a test network, by a number (BIP 173, on 24 bytes of which the first four are 0). */
export function testAddress(number: number, hrp = "stest"): string {
  const bytes = new Uint8Array(24);
  new DataView(bytes.buffer).setUint32(20, number);
  let bits = 0;
  let value = 0;
  const data: number[] = [];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) data.push((value >> (bits - 5)) & 31);
    value &= 31;
  }
  if (bits > 0) data.push((value << (5 - bits)) & 31);
  const codes = [...hrp].map((character) => character.charCodeAt(0));
  const all = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data, 0, 0, 0, 0, 0, 0];
  const sum = 1 ^ all.reduce((sum, one) => polymod(sum, one), 1);
  const check = [0, 1, 2, 3, 4, 5].map((i) => (sum >> (5 * (5 - i))) & 31);
  return `${hrp}1${[...data, ...check].map((one) => CHARACTERS[one]).join("")}`;
}

const polymod = (sum: number, value: number): number =>
  GENERATOR.reduce((all, part, i) => (((sum >> 25) >> i) & 1 ? all ^ part : all), ((sum & 0x1ffffff) << 5) ^ value);

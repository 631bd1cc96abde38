/*
 * RIPEMD-256, in which poet counts its proof of work (Dobbertin, Bosselaers and Preneel, "RIPEMD-160: A Strengthened
 * Version of RIPEMD"). Node.js has it in 160 bits alone.
 */

/** The word of the block that each of the 64 steps of a line takes, and the bits by which it turns: a digit each. */
const LEFT = {
  words: "0123456789abcdef74d1a6f3c0952eb83ae49f812706db5c19ba08c4d37fe562",
  turns: "befc5879bdef6798768db97f7cf9b7dcbd67e9dfe8d65c75bcefef989e56865c",
};
const RIGHT = {
  words: "5e7092b4d6f81a3c6b370d5aef8c4912f5137e69b8c2a04d86413bf05c2d97ae",
  turns: "899bdff5778beec69df7c89b77c76fdb97fb866ecd5edd75f58bee6e69c9c5f8",
};

/** What each of the four rounds adds. */
const LEFT_ADDS = [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc];
const RIGHT_ADDS = [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0];

/** How each of the four rounds mixes three words. The right line has them in reverse. */
const MIXES: readonly ((x: number, y: number, z: number) => number)[] = [
  (x, y, z) => x ^ y ^ z,
  (x, y, z) => (x & y) | (~x & z),
  (x, y, z) => (x | ~y) ^ z,
  (x, y, z) => (x & z) | (y & ~z),
];

const START = [
  ...[0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476],
  ...[0x76543210, 0xfedcba98, 0x89abcdef, 0x01234567],
];

const BLOCK = 64;

/** The hash of some bytes, 32 bytes. */
export function ripemd256(bytes: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(bytes.length) * 8n, padded.length - 8);
  let state = Uint32Array.from(START);
  for (let at = 0; at < padded.length; at += BLOCK) {
    const next = mixed(padded.subarray(at, at + BLOCK), state);
    state = state.map((word, i) => word + (next[i] ?? 0));
  }
  const hash = Buffer.alloc(4 * state.length);
  for (const [i, word] of state.entries()) hash.writeUInt32LE(word, 4 * i);
  return hash;
}

/** Both lines after a block. After each round they swap one word. */
function mixed(block: Buffer, state: Uint32Array): Uint32Array {
  const [left, right] = [state.slice(0, 4), state.slice(4)];
  for (let round = 0; round < 4; round++) {
    play(left, block, LEFT, round, MIXES[round], LEFT_ADDS[round]);
    play(right, block, RIGHT, round, MIXES[3 - round], RIGHT_ADDS[round]);
    [left[round], right[round]] = [right[round] ?? 0, left[round] ?? 0];
  }
  return Uint32Array.of(...left, ...right);
}

/** The 16 steps of a round. */
function play(line: Uint32Array, block: Buffer, plan: typeof LEFT, round: number, mix = MIXES[0], add = 0): void {
  for (let step = 16 * round; step < 16 * (round + 1); step++) {
    const [a = 0, b = 0, c = 0, d = 0] = line;
    const word = block.readUInt32LE(4 * digit(plan.words, step));
    const sum = (a + (mix?.(b, c, d) ?? 0) + word + add) >>> 0;
    const turn = digit(plan.turns, step);
    line.set([d, (sum << turn) | (sum >>> (32 - turn)), b, c]);
  }
}

const digit = (digits: string, at: number): number => Number.parseInt(digits.charAt(at), 16);

/** Bytes that are no transaction, in the words of go-scale and Go's io. */
export class Undecodable extends Error {}

/** Reads SCALE (spacemeshos/go-scale v1.2.1, decoder.go) from the start of some bytes. */
export class Decoder {
  private at = 0;

  constructor(private readonly raw: Buffer) {}

  bytes(length: number): Buffer {
    const part = this.raw.subarray(this.at, this.at + length);
    if (part.length < length) throw new Undecodable(part.length === 0 ? "EOF" : "unexpected EOF");
    this.at += length;
    return part;
  }

  /** What is left. */
  rest(): Buffer {
    return this.raw.subarray(this.at);
  }

  /** A compact number of 8 bits. */
  small(): number {
    const first = this.bytes(1).readUInt8();
    if ((first & 3) === 0) return first >> 2;
    if ((first & 3) !== 1) throw new Undecodable("value will overflow uint8");
    const value = ((this.bytes(1).readUInt8() << 8) | first) >> 2;
    if (value < 64 || value > 255) throw new Undecodable(`value ${value} is out of range`);
    return value;
  }

  /** A compact number of 64 bits. */
  large(): bigint {
    const first = this.header();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    if (mode === 3) {
      const length = (first >> 2) + 4;
      if (length > 8) throw new Undecodable(`invalid compact64 needs ${length} bytes`);
      return within(littleEndian(this.bytes(length)), 1n << 30n);
    }
    const value = littleEndian(Buffer.from([first, ...this.bytes(mode === 1 ? 1 : 3)])) >> 2n;
    return within(value, mode === 1 ? 1n << 6n : 1n << 14n);
  }

  private header(): number {
    try {
      return this.bytes(1).readUInt8();
    } catch (error) {
      throw new Undecodable(`read compact header: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Refuses a number that a shorter form would hold. */
function within(value: bigint, least: bigint): bigint {
  if (value < least) throw new Undecodable(`value ${value} is out of range`);
  return value;
}

const littleEndian = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);

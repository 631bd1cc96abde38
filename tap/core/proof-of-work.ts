import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Refusal } from "./rules";

/** How long a challenge counts, in milliseconds. A slow telephone solves one of 20 bits in about a minute. */
const LIFE = 10 * 60_000;

/**
 * The gate `pow`: who asks for a gift has spent computing time on it. A challenge is for one recipient, expires, and
 * counts once. It holds all that is needed to check it, so that asking for challenges fills no memory.
 */
export class ProofOfWork {
  /** Challenges that were used, with their ends. */
  private readonly used = new Map<string, number>();

  /**
   * @param bits leading zero bits that sha256 of `CHALLENGE:PROOF` must have
   * @param secret signs challenges; a challenge of another secret counts for nothing
   */
  constructor(
    readonly bits: number,
    private readonly secret: Uint8Array,
  ) {}

  /**
   * A new challenge: `BITS.END.SALT.SIGNATURE`.
   * @param salt makes it different from all others, hexadecimal
   */
  challenge(recipient: string, now: number, salt: string): string {
    const head = `${this.bits}.${now + LIFE}.${salt}`;
    return `${head}.${this.signature(head, recipient)}`;
  }

  /** Why a proof does not open the gate; undefined when it does. Nothing is used up. */
  refusalOf(recipient: string, challenge: string, proof: string, now: number): Refusal | undefined {
    const split = challenge.lastIndexOf(".");
    const head = challenge.slice(0, Math.max(0, split));
    const [bits, end] = head.split(".").map(Number);
    if (!sameText(challenge.slice(split + 1), this.signature(head, recipient)))
      return refusal("ChallengeInvalid", "This challenge is not for this address. Ask for a new one.");
    if (end === undefined || end < now) return refusal("ChallengeExpired", "The challenge expired. Ask for a new one.");
    if (this.used.has(head)) return refusal("ChallengeUsed", "The challenge was used. Ask for a new one.");
    return zeroBits(`${challenge}:${proof}`) >= (bits ?? this.bits)
      ? undefined
      : refusal("ProofWrong", `sha256 of CHALLENGE:PROOF does not begin with ${this.bits} zero bits.`);
  }

  /** Uses a challenge up. */
  use(challenge: string, now: number): void {
    for (const [head, end] of this.used) if (end < now) this.used.delete(head);
    this.used.set(challenge.slice(0, challenge.lastIndexOf(".")), now + LIFE);
  }

  private signature(head: string, recipient: string): string {
    return createHmac("sha256", this.secret).update(`${head} ${recipient}`).digest("hex");
  }
}

/** The number of zero bits with which the SHA-256 of a text begins. */
export function zeroBits(text: string): number {
  const digest = createHash("sha256").update(text).digest();
  const first = digest.findIndex((byte) => byte > 0);
  return first < 0 ? 256 : first * 8 + Math.clz32(digest[first] ?? 0) - 24;
}

const refusal = (code: string, reason: string): Refusal => ({ code, status: 403, reason });

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, "latin1"), Buffer.from(b, "latin1"));

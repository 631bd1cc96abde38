import { tooLarge } from "../../lib/bounded";
import { UserError } from "../../lib/errors";
import { LONGEST_CHANGELOG, requireWithinLimits } from "./limits";

/** The byte order mark, which may be the first character of a file. */
const BOM = "\uFEFF";

/** The text of a changelog, and what stands before it. */
export interface Decoded {
  /** The byte order mark, or nothing. */
  readonly bom: typeof BOM | "";
  /** All characters after the byte order mark, with the line ends of the file. */
  readonly text: string;
}

/**
 * Decodes a file in UTF-8, with or without a byte order mark, whose lines end in LF or CRLF.
 * @throws {UserError} when it is UTF-16, is not UTF-8, its lines end in CR alone, or it exceeds a limit
 */
export function decoded(bytes: Uint8Array): Decoded {
  if (bytes.length > LONGEST_CHANGELOG) throw tooLarge("The changelog", LONGEST_CHANGELOG);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw utf16();
  try {
    return checked(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "ChangelogNotUtf8",
      `Line ${lineOfBadBytes(bytes)} of the changelog is not UTF-8.`,
      "Find its encoding, often Latin-1, and save the file as UTF-8.",
      2,
    );
  }
}

/**
 * The same for a text that was decoded elsewhere.
 * @throws {UserError} when it was UTF-16, its lines end in CR alone, or it exceeds a limit
 */
export function checked(whole: string): Decoded {
  // No text holds this character. Half of the bytes of ASCII in UTF-16 are zero.
  if (whole.includes("\0")) throw utf16();
  if (whole.includes("\r") && !whole.includes("\n")) {
    throw new UserError(
      "ChangelogLineEndsUnknown",
      "The lines of the changelog end in CR alone.",
      "Save the file with LF or CRLF as the end of each line.",
      2,
    );
  }
  requireWithinLimits(whole);
  return whole.startsWith(BOM) ? { bom: BOM, text: whole.slice(1) } : { bom: "", text: whole };
}

const utf16 = () => new UserError("ChangelogIsUtf16", "The changelog is UTF-16.", "Save the file as UTF-8.", 2);

/** The first line that cannot be decoded, from 1. No part of a longer character in UTF-8 has the value of LF. */
function lineOfBadBytes(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) return line;
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

import { sha256Of } from "../base/lib/sha256";

/** Digits of a digest that tell an edited text from ours. */
export const DIGEST_DIGITS = 12;

/** The digest of a text as we wrote it. An editor or git may have changed its line endings. */
export const digestOfText = (text: string): string => sha256Of(text.replaceAll("\r\n", "\n")).slice(0, DIGEST_DIGITS);

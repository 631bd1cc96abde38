import { blake3 } from "@noble/hashes/blake3";
import { shown, UserError } from "../../../base/lib/errors";

/** What the genesis settings of a network identify it by. */
export interface GenesisId {
  /** Genesis id, 40 hexadecimal digits. Nodes of another one never connect. */
  readonly id: string;
  /** Golden ATX, 64 hexadecimal digits: the whole hash, to which the first ATXs refer. */
  readonly goldenAtx: string;
}

/** The most bytes of extra data (go-spacemesh config/genesis.go, Validate). */
export const LONGEST_EXTRA_DATA = 255;

/**
 * The genesis id of a network: BLAKE3 over the decimal Unix seconds of its genesis time and its extra data
 * (go-spacemesh config/genesis.go, GoldenATX).
 * @param genesisTime RFC 3339, whole seconds: `2026-11-28T07:01:06Z`
 * @throws {UserError} when the node would take neither, or would give two times one id
 */
export function genesisIdOf(genesisTime: string, extraData: string): GenesisId {
  const seconds = genesisSeconds(genesisTime);
  if (seconds === undefined) {
    throw new UserError(
      "GenesisTimeWrong",
      `The genesis time ${shown(genesisTime)} is not in whole seconds and RFC 3339.`,
      "Write it as 2026-01-01T00:00:00Z.",
    );
  }
  if (!isExtraData(extraData)) {
    throw new UserError(
      "ExtraDataWrong",
      `The extra data ${shown(extraData)} has ${Buffer.byteLength(extraData)} bytes.`,
      `Use 1 to ${LONGEST_EXTRA_DATA} bytes.`,
    );
  }
  const goldenAtx = Buffer.from(blake3(`${seconds}${extraData}`)).toString("hex");
  return { id: goldenAtx.slice(0, 40), goldenAtx };
}

const WHOLE_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

/** The Unix seconds of a genesis time; undefined when it is not in whole seconds and RFC 3339. */
export function genesisSeconds(genesisTime: string): number | undefined {
  const time = WHOLE_SECONDS.test(genesisTime) ? Date.parse(genesisTime) : Number.NaN;
  // JavaScript makes March of the 30th of February, Go refuses it.
  const asWritten = genesisTime.slice(0, 19);
  const isRead = !Number.isNaN(time) && new Date(`${asWritten}Z`).toISOString().startsWith(asWritten);
  return isRead ? time / 1000 : undefined;
}

/** Whether a node takes a text as extra data. Go counts bytes. */
export const isExtraData = (text: string): boolean => {
  const bytes = Buffer.byteLength(text);
  return bytes > 0 && bytes <= LONGEST_EXTRA_DATA;
};

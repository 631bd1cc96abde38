import { atOnce } from "../lib/at-once";
import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";
import { sha256Of } from "../lib/sha256";
import { writeBeginning } from "./beginning";
import { ObjectExists, type Store } from "./contract";
import type { RecordKeys } from "./record-keys";
import { RecordReader } from "./record-reader";
import { otherName, sealed } from "./seal";
import { BEGINNING, recordNames, type Unproven, unprovenOf } from "./unproven";

/** Requests at the same time. */
const AT_ONCE = 16;

/** What a person looks at before a store begins to believe only what is sealed. */
export interface Survey {
  /** Whether the store began already; then nothing without a seal can be adopted any more. */
  readonly begun: boolean;
  /** Objects without a seal that holds, by key. */
  readonly unproven: readonly Unproven[];
  /** Digest of the list of those: to adopt exactly what was looked at. */
  readonly list: string;
  /** Records that only an older key proves. */
  readonly older: number;
}

/** What an adoption did. */
export interface Adopted {
  readonly adopted: number;
  /** Records of an older key that the first key seals now as well. */
  readonly resealed: number;
}

/**
 * Adopts the records of a store from before seals, once, and seals those of an older key anew. An adopted record gets a
 * sealed object beside it, under its other name; the object that was there stays.
 */
export class Adoption {
  private readonly reader: RecordReader;

  constructor(
    private readonly inner: Store,
    private readonly keys: RecordKeys,
  ) {
    this.reader = new RecordReader(inner, keys, () => undefined); // the survey tells
  }

  /** Looks at the whole store and changes nothing. @throws {UserError} when it cannot be read */
  async survey(): Promise<Survey> {
    const begun = (await this.reader.find(BEGINNING)) !== undefined;
    const names = await recordNames(this.inner);
    const unproven = await unprovenOf(this.inner, this.reader, names);
    const older = (await this.older(names)).length;
    return { begun, unproven, list: listOf(unproven), older };
  }

  /**
   * @param list digest of the list that a person looked at; `none` adopts nothing; undefined only seals anew
   * @throws {UserError} when the list is another one by now, or the store began already
   */
  async adopt(list: string | undefined, { say }: Pick<Run, "say">): Promise<Adopted> {
    const { begun, unproven, list: found } = await this.survey();
    if (list !== undefined) {
      if (begun)
        throw new UserError(
          "StoreSealed",
          "The store believes only sealed records already, so nothing without a seal can be adopted.",
          "Remove what is foreign if you like; every command ignores it.",
        );
      if (list !== "none" && list !== found)
        throw new UserError(
          "SealListChanged",
          "The objects without a seal are others than in the list that was looked at.",
          "Look at them again with `smeshnet archive seal --dry-run`.",
        );
    }
    const adopting = list === undefined || list === "none" ? [] : unproven.filter(({ isText }) => isText);
    await atOnce(adopting, AT_ONCE, async ({ key, body }) => this.sealBeside(key, body));
    // Last, since an adoption that was killed must begin again.
    if (list !== undefined)
      await writeBeginning(this.parts(), { adopted: adopting.length, ...(list !== "none" && { list }) });
    const older = await this.older([...(await recordNames(this.inner)), BEGINNING]);
    if (older.length > 0) say(`sealing ${older.length} records of an older key anew`);
    await atOnce(older, AT_ONCE, async (key) => {
      const record = await this.reader.find(key);
      if (record) await this.sealBeside(key, record.body);
    });
    return { adopted: adopting.length, resealed: older.length };
  }

  /** Keys whose record the first key does not prove. */
  private async older(names: readonly string[]): Promise<string[]> {
    const [first] = this.keys;
    if (this.keys.length === 1) return [];
    const own = new RecordReader(this.inner, [first], () => undefined);
    const all = await atOnce(names, AT_ONCE, async (key) =>
      (await this.reader.find(key)) && !(await own.find(key)) ? [key] : [],
    );
    return all.flat();
  }

  private async sealBeside(key: string, body: Buffer): Promise<void> {
    const [first] = this.keys;
    try {
      await this.inner.put(otherName(key, first), sealed(key, body, first).toString("utf8"));
    } catch (error) {
      if (!(error instanceof ObjectExists)) throw error; // an earlier run was killed after it
    }
  }

  private parts() {
    return { inner: this.inner, keys: this.keys, reader: this.reader };
  }
}

/** One digest over names and contents. */
const listOf = (unproven: readonly Unproven[]): string =>
  sha256Of(JSON.stringify(unproven.map(({ key, sha256 }) => [key, sha256]))).slice(0, 16);

import { shown, UserError } from "../lib/errors";
import { ObjectExists, type Store } from "./contract";
import type { RecordKeys } from "./record-keys";
import { RecordReader } from "./record-reader";
import { writeRecord } from "./record-writer";
import { BEGINNING, recordNames, unprovenOf } from "./unproven";

interface Parts {
  readonly inner: Store;
  readonly keys: RecordKeys;
  readonly reader: RecordReader;
}

/**
 * When a store begins to believe only what is sealed. A new store begins with its first record. A store with records
 * from before seals does not begin by itself: to ignore those would forget promotions and clusters, to believe them
 * would believe everybody. A person looks at them first.
 */
export class Beginning {
  private checked: Promise<void> | undefined;
  private begun = false;

  constructor(private readonly parts: Parts) {}

  /** @throws {UserError} when the store holds records from before seals, or cannot be read */
  require(): Promise<void> {
    this.checked ??= this.check().catch((error: unknown) => {
      this.checked = undefined;
      throw error;
    });
    return this.checked;
  }

  /** Writes down that the store begins, if nobody did. @throws {UserError} as {@link require} does */
  async begin(): Promise<void> {
    await this.require();
    if (this.begun) return;
    await writeBeginning(this.parts, { adopted: 0 });
    this.begun = true;
  }

  private async check(): Promise<void> {
    const { inner, keys } = this.parts;
    const quiet = new RecordReader(inner, keys, () => undefined); // the error names one
    if (await quiet.find(BEGINNING)) {
      this.begun = true;
      return;
    }
    const names = await recordNames(inner);
    // One is enough to ask a person, so not all of a large store is read.
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const [first] = await unprovenOf(inner, quiet, names.slice(from, from + AT_ONCE));
      if (first)
        throw new UserError(
          "StoreUnsealed",
          `The store holds objects without a seal, such as ${shown(first.key)}, and never began to require one.`,
          "Look at them with `smeshnet archive seal --dry-run`, then adopt those of before, or none.",
        );
    }
  }
}

/** Objects that are looked at before the next. */
const AT_ONCE = 64;

/** @param adopted number of records from before that a person adopted, and the digest of their list */
export async function writeBeginning(
  parts: Parts,
  adopted: { readonly adopted: number; readonly list?: string },
): Promise<void> {
  try {
    await writeRecord(parts, BEGINNING, `${JSON.stringify({ schema: 1, ...adopted }, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error; // another run was faster
  }
}

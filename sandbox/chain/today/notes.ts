import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";

const Numbers = z.record(z.string(), z.number().int());

/** What a network knows of each genesis, a number each, in a file. The first note of a genesis counts. */
export class Notes {
  private readonly numbers = new Map<string, number>();
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {}

  /** Reads the notes of an earlier process. */
  async read(): Promise<void> {
    const text = await readFile(this.file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    for (const [genesis, number] of Object.entries(Numbers.parse(JSON.parse(text)))) this.numbers.set(genesis, number);
  }

  get(genesis: string): number | undefined {
    return this.numbers.get(genesis);
  }

  note(genesis: string, number: number): void {
    if (this.numbers.has(genesis)) return;
    this.numbers.set(genesis, number);
    this.saving = this.saving
      .then(() => this.save())
      .catch((error: Error) => console.error(`${this.file} was not saved: ${error.message}`));
  }

  /** Resolves when no write is pending. */
  saved(): Promise<void> {
    return this.saving;
  }

  /** Replaces the file in one step. A runner killed meanwhile leaves the old file intact. */
  private async save(): Promise<void> {
    await writeFile(`${this.file}.new`, JSON.stringify(Object.fromEntries(this.numbers)));
    await rename(`${this.file}.new`, this.file);
  }
}

import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Book } from "../../../tap/book";
import { JournalFile } from "../../../tap/journal";
import { lockFolder } from "../../../tap/lock";
import { refuses, refusesLater } from "../../support/errors";

const OWNER = { network: "v1.2.3+1", account: "stest1x" };
const ACCEPTED = { kind: "accepted", at: 1, gift: "a".repeat(24), recipient: "r", client: "c", amount: "5" } as const;

describe("the tap's journal", () => {
  let folder: string;
  let path: string;
  const opened: JournalFile[] = [];

  const open = (): JournalFile => {
    const journal = new JournalFile(folder);
    opened.push(journal);
    return journal;
  };
  const bookOf = (journal: JournalFile) => new Book(journal, OWNER, () => 1, journal.path);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tap-"));
    path = join(folder, "journal.jsonl");
  });

  afterEach(() => {
    for (const journal of opened.splice(0)) journal.close();
    rmSync(folder, { recursive: true });
  });

  it("gives back what it was given, and is for this user alone", () => {
    const book = bookOf(open());
    book.write({ ...ACCEPTED });
    deepStrictEqual(
      open()
        .read()
        .map(({ kind }) => kind),
      ["opened", "accepted"],
    );
    strictEqual(statSync(path).mode & 0o777, 0o600);
  });

  it("is read up to a last line without its end, which is removed", () => {
    bookOf(open()).write({ ...ACCEPTED });
    const whole = readFileSync(path, "utf8");
    for (const torn of ['{"kind":"acc', "\0\0\0", '{"kind":"submitted","at":1,"transaction":"aaaaaaaa"}']) {
      writeFileSync(path, whole + torn);
      const journal = open();
      strictEqual(journal.read().length, 2);
      strictEqual(readFileSync(path, "utf8"), whole);
      journal.append({ ...ACCEPTED, gift: "b".repeat(24) });
      strictEqual(readFileSync(path, "utf8").split("\n").length, 4);
    }
  });

  it("is refused with a wrong line, by its number", () => {
    bookOf(open()).write({ ...ACCEPTED });
    const [first, second] = readFileSync(path, "utf8").split("\n");
    for (const lines of [
      [first, '{"kind":"acc', second],
      [first, "", second],
      [first, JSON.stringify({ ...ACCEPTED, amount: "-5" }), second],
      [first, second, second],
      [second, first],
    ]) {
      writeFileSync(path, `${lines.join("\n")}\n`);
      refuses(() => bookOf(open()), "JournalWrong");
    }
  });

  it("is refused when it is of another network", () => {
    bookOf(open());
    throws(() => new Book(open(), { ...OWNER, network: "v1.2.3+2" }, () => 1), /another network or account/);
  });

  it("takes nothing more after another process wrote to it", () => {
    const journal = open();
    const book = bookOf(journal);
    appendFileSync(path, "x\n");
    match(journal.problem() ?? "", /Another process wrote/);
    refuses(() => book.write({ ...ACCEPTED }), "JournalShared");
    throws(() => book.write({ ...ACCEPTED }), /an earlier line failed/);
    strictEqual(book.ledger.gift(ACCEPTED.gift), undefined);
  });

  it("says that it can be written", () => strictEqual(open().problem(), undefined));
});

describe("the tap's lock", () => {
  it("is for one at a time, and is free again afterwards", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tap-"));
    try {
      const unlock = await lockFolder(folder);
      await refusesLater(lockFolder(folder), "DataFolderTaken");
      await unlock();
      await (await lockFolder(folder))();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("needs a path that a socket can have", () =>
    refusesLater(lockFolder(`/tmp/${"a".repeat(120)}`), "DataFolderLong", { exitCode: 2 }));

  it("ends with a process that was killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tap-"));
    try {
      writeFileSync(join(folder, "lock"), ""); // nobody listens
      const unlock = await lockFolder(folder);
      ok(statSync(join(folder, "lock")).isSocket());
      await unlock();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Ledger, Refused, type Standpoint } from "../../../sandbox/chain/today/ledger/ledger";
import { CHECKOUT } from "../../support/checkout";

const Step = z.object({
  why: z.string().optional(),
  submit: z.string().optional(),
  error: z.string().optional(),
  apply: z.number().optional(),
  accounts: z.record(z.string(), z.tuple([z.number(), z.number(), z.number(), z.number()])).default({}),
  transactions: z
    .array(
      z.object({
        id: z.string(),
        state: z.enum(["pending", "executed", "forgotten"]),
        layer: z.number().optional(),
        message: z.string().optional(),
        fee: z.number().optional(),
        touched: z.array(z.string()).optional(),
      }),
    )
    .default([]),
});

const { steps, ...node } = z
  .object({
    genesisId: z.string(),
    hrp: z.string(),
    firstLayer: z.number(),
    genesis: z.record(z.string(), z.string()),
    steps: z.array(Step),
  })
  .parse(JSON.parse(readFileSync(join(CHECKOUT, "test/fixtures/transactions/node.json"), "utf8")));

describe("Ledger", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-"));
    file = join(folder, "transactions.ndjson");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (applied: number): Standpoint => ({
    genesisId: Buffer.from(node.genesisId, "hex"),
    hrp: node.hrp,
    accounts: node.genesis,
    firstLayer: node.firstLayer,
    appliedLayer: applied,
    topLayer: applied,
  });

  /** What a ledger shows of an account, as the fixture tells it. */
  const shown = (ledger: Ledger, applied: number, address: string): number[] => {
    const books = ledger.books(at(applied));
    const [{ balance, nonce }, projected] = [books.account(address), books.projection(address)];
    return [balance, nonce, projected.balance, projected.nonce].map(Number);
  };

  const submit = (ledger: Ledger, applied: number, raw: string): string | undefined => {
    try {
      ledger.submit(at(applied), Buffer.from(raw, "hex"));
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
  };

  it("takes, refuses and executes transactions as go-spacemesh does, also after a restart at each layer", () => {
    let applied = node.firstLayer - 1;
    const accounts: Record<string, number[]> = {};
    const counts = { taken: 0, refused: 0, executed: 0, failed: 0, forgotten: 0 };
    let ledger = new Ledger(file);
    for (const step of steps) {
      if (step.submit !== undefined) {
        const refusal = submit(ledger, applied, step.submit);
        strictEqual(refusal, step.error, step.why);
        counts[refusal === undefined ? "taken" : "refused"]++;
      }
      if (step.apply !== undefined) {
        applied = step.apply;
        ledger = new Ledger(file);
        ledger.read();
      }
      Object.assign(accounts, step.accounts);
      for (const [address, wanted] of Object.entries(accounts))
        deepStrictEqual(shown(ledger, applied, address), wanted, `${step.why ?? applied}: ${address}`);
      for (const { id, state, layer, message, fee, touched } of step.transactions) {
        const known = ledger.books(at(applied)).transaction(id);
        if (state === "forgotten") {
          strictEqual(known, undefined);
          counts.forgotten++;
          continue;
        }
        ok(known, id);
        const outcome = known.outcome && { ...known.outcome, fee: Number(known.outcome.fee) };
        deepStrictEqual(outcome, state === "pending" ? undefined : { layer, message, fee, touched });
        if (outcome) counts[message === "" ? "executed" : "failed"]++;
      }
    }
    // The fixture has all kinds, so that none is left unproven.
    ok(
      Object.values(counts).every((count) => count > 1),
      JSON.stringify(counts),
    );
  });

  it("shows a node that trails the accounts of its own layer", () => {
    const ledger = new Ledger(file);
    let applied = node.firstLayer - 1;
    const past: [number, string, number[]][] = [];
    for (const step of steps) {
      if (step.submit !== undefined) submit(ledger, applied, step.submit);
      applied = step.apply ?? applied;
      if (step.apply !== undefined)
        for (const [address, [balance, nonce]] of Object.entries(step.accounts))
          past.push([applied, address, [balance, nonce]]);
    }
    ok(past.length > 10);
    for (const [layer, address, wanted] of past)
      deepStrictEqual(shown(ledger, layer, address).slice(0, 2), wanted, `${layer} ${address}`);
  });

  it("cuts off the line that a kill left half written", () => {
    const spawn = steps.find(({ why }) => why === "the spawn")?.submit ?? "";
    const first = new Ledger(file);
    strictEqual(submit(first, 7, spawn), undefined);
    appendFileSync(file, '{"genesis":"0102');
    const second = new Ledger(file);
    second.read();
    deepStrictEqual(second.books(at(7)).transactions().length, 1);
    strictEqual(submit(second, 7, spawn), "tx already exists");
    ok(readFileSync(file, "utf8").endsWith("}\n"), "the next line begins on its own");
  });

  it("keeps the transactions of another genesis apart", () => {
    const ledger = new Ledger(file);
    const spawn = steps.find(({ why }) => why === "the spawn")?.submit ?? "";
    strictEqual(submit(ledger, 7, spawn), undefined);
    strictEqual(ledger.books({ ...at(7), genesisId: Buffer.alloc(20, 9) }).transactions().length, 0);
  });
});

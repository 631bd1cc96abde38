import type { Tables } from "../today/ledger/tables";

/** A node's database, with what comes from the network's clock. */
export interface Database extends Tables {
  readonly layers: number;
  readonly layersPerEpoch: number;
}

type Row = Tables["transactions"][number];

/** The chain rewards nobody. */
const NO_REWARDS = { rewards_count: 0, rewards_sum: 0 };

/** The routes of the statistics API (explorer-backend v2.1, api/router/router.go), and the bodies that they answer. */
const ROUTES: readonly (readonly [path: RegExp, body: (database: Database, id: string) => object])[] = [
  [
    /^\/overview$/,
    ({ accounts, layers, transactions }) => ({
      accounts_count: accounts,
      smeshers_count: 0,
      layers_count: layers,
      ...NO_REWARDS,
      transactions_count: transactions.length,
      num_units: 0,
    }),
  ],
  [/^\/circulation$/, () => ({ circulation: 0 })],
  [/^\/layer\/(\d+)$/, ({ transactions }, layer) => sums(transactions.filter((row) => row.layer === Number(layer)))],
  [
    /^\/epoch\/(\d+)$/,
    ({ transactions, layersPerEpoch }, epoch) => ({
      ...sums(
        transactions.filter(({ layer }) => layer !== null && Math.floor(layer / layersPerEpoch) === Number(epoch)),
      ),
      smeshers_count: 0,
      accounts_count: 0,
      num_units: 0,
      vested_amount: 0,
    }),
  ],
  [/^\/epoch\/\d+\/decentral$/, () => ({ decentral: 0 })],
  [/^\/account\/([a-z0-9]+)$/, ({ transactions }, account) => accountBody(transactions, account)],
  [/^\/smeshers(\/\d+)?$/, () => ({ smeshers: [] })],
  [/^\/smesher\/[0-9a-f]+$/, () => NO_REWARDS],
];

/** The answer to `GET path`; undefined for a path that it does not have. */
export function statisticsAnswer(path: string, database: Database): object | undefined {
  for (const [route, body] of ROUTES) {
    const found = route.exec(path);
    if (found) return body(database, found[1] ?? "");
  }
  return undefined;
}

/** Pending transactions count as well (explorer-backend api/storage/accounts.go, GetAccountsStats). */
function accountBody(transactions: readonly Row[], account: string): object {
  const own = transactions.filter(({ principal, destination }) => [principal, destination].includes(account));
  return {
    account,
    received: sumOf(own.filter(({ destination }) => destination === account)),
    sent: sumOf(own.filter(({ destination }) => destination !== account)),
    transactions_count: own.length,
    ...NO_REWARDS,
  };
}

const sums = (transactions: readonly Row[]): object => ({
  transactions_count: transactions.length,
  transactions_sum: sumOf(transactions),
  ...NO_REWARDS,
});

/** In smidge. The original writes numbers of 64 bits into JSON, whose readers keep 53. */
const sumOf = (transactions: readonly Row[]): number =>
  Number(transactions.reduce((sum, { amount = "0" }) => sum + BigInt(amount), 0n));

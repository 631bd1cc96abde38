/** What a chain without users has: nothing moved, nobody was rewarded. */
const NOTHING = { transactions_count: 0, transactions_sum: 0, rewards_count: 0, rewards_sum: 0 };

/** The routes of the statistics API (explorer-backend v2.1, api/router/router.go), and the bodies that they answer. */
const ROUTES: readonly (readonly [path: RegExp, body: (layers: number) => object])[] = [
  [
    /^\/overview$/,
    (layers) => ({
      accounts_count: 0,
      smeshers_count: 0,
      layers_count: layers,
      rewards_count: 0,
      rewards_sum: 0,
      transactions_count: 0,
      num_units: 0,
    }),
  ],
  [/^\/circulation$/, () => ({ circulation: 0 })],
  [/^\/layer\/\d+$/, () => NOTHING],
  [/^\/epoch\/\d+$/, () => ({ ...NOTHING, smeshers_count: 0, accounts_count: 0, num_units: 0, vested_amount: 0 })],
  [/^\/epoch\/\d+\/decentral$/, () => ({ decentral: 0 })],
  [/^\/account\/[a-z0-9]+$/, () => ({ transactions_count: 0, rewards_count: 0, rewards_sum: 0 })],
  [/^\/smeshers(\/\d+)?$/, () => ({ smeshers: [] })],
  [/^\/smesher\/[0-9a-f]+$/, () => ({ rewards_count: 0, rewards_sum: 0 })],
];

/** The answer to `GET path`; undefined for a path that it does not have. @param layers in the database */
export const statisticsAnswer = (path: string, layers: number): object | undefined =>
  ROUTES.find(([route]) => route.test(path))?.[1](layers);

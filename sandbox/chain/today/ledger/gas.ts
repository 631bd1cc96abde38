// Costs in units of gas (go-spacemesh genvm/core/gas.go and genvm/templates/wallet/gas.go).

const TRANSACTION = 20_000;
const VERIFY = 3_000;
const SPAWN = 30_000;
const ACCESS = 2_500;

/** For 8 bytes, begun ones as well. */
const DATA = 128;
const STORE = 5_000;
const UPDATE = 725;
const LOAD = 182;

/** Bytes of an account's balance, of its head, and of a wallet's key. */
const BALANCE = 8;
const HEAD = 36;
const KEY = 32;

const sized = (gas: number, bytes: number): number => gas * Math.ceil(bytes / 8);

/** To load the account that signs. */
const LOADING = ACCESS + sized(LOAD, KEY + HEAD);

/** Gas of a spawn. @param length bytes of the transaction */
export const spawnGas = (length: number, isSelfSpawn: boolean): bigint =>
  BigInt(TRANSACTION + VERIFY + SPAWN + sized(DATA, length) + sized(STORE, KEY + HEAD) + (isSelfSpawn ? 0 : LOADING));

/** Gas of a spend. @param length bytes of the transaction */
export const spendGas = (length: number): bigint =>
  BigInt(
    TRANSACTION +
      VERIFY +
      sized(DATA, length) +
      LOADING +
      ACCESS +
      sized(LOAD, BALANCE) +
      sized(UPDATE, HEAD) +
      sized(UPDATE, BALANCE),
  );

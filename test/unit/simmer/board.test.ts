import { deepStrictEqual } from "node:assert";
import { Board } from "../../../infra/simmer/board";
import { IDLE, WatchedNetwork } from "../../support/watched";

const SEARCH = 300;

/** A board with one network, whose watch begins now. */
async function start(more: Parameters<WatchedNetwork["watcher"]>[1] = {}) {
  const world = WatchedNetwork.make();
  const board = new Board(world.run.clock, SEARCH);
  const watcher = await world.watcher("v1.2.3+1", { looked: (one) => board.looked(one), ...more });
  board.take(watcher);
  return { world, board, watcher };
}

describe("Board", () => {
  it("has no trouble while a network is sampled and its samples reach the store", async () => {
    const { world, board, watcher } = await start();
    deepStrictEqual(board.troubles(), []);
    await world.looks(watcher, 3);
    world.now += 90_000;
    deepStrictEqual(board.troubles(), []);
    deepStrictEqual(board.all[0]?.samples, 12);
  });

  it("names a network that was not sampled for three intervals, from the start of the watch on", async () => {
    const { world, board, watcher } = await start();
    world.now += 91_000;
    deepStrictEqual(board.troubles(), ["v1.2.3+1: no sample for 91 s, one is due every 30 s"]);
    await watcher.look(world.run);
    deepStrictEqual(board.troubles(), []);
    world.now += 91_000;
    deepStrictEqual(board.troubles(), ["v1.2.3+1: no sample for 91 s, one is due every 30 s"]);
  });

  it("names a network whose samples do not reach the store, and is content when they all arrived", async () => {
    const { world, board, watcher } = await start();
    await world.looks(watcher, 1);
    world.store.isAway = true;
    await world.looks(watcher, 1);
    deepStrictEqual(board.troubles(), ["v1.2.3+1: the store took no sample for 120 s, 4 wait"]);
    world.store.isAway = false;
    await watcher.look(world.run);
    deepStrictEqual(board.troubles(), []);
  });

  it("is patient with a network that is being retired", async () => {
    let seen: string[] | undefined;
    const { world, board, watcher } = await start({
      limit: 3,
      hands: {
        ...IDLE,
        retire: async () => {
          world.now += 3_600_000;
          seen = board.troubles();
        },
      },
    });
    board.found();
    await world.looks(watcher, 6);
    world.stuckAt = 24;
    await world.looks(watcher, 8);
    deepStrictEqual(
      seen?.filter((line) => line.startsWith("v1.2.3+1")),
      [],
    );
  });

  it("says when the networks could not be found out for three searches", async () => {
    const { world, board, watcher } = await start();
    board.letGo(watcher);
    world.now += (3 * SEARCH + 1) * 1000;
    deepStrictEqual(board.troubles(), ["the networks could not be found out for 901 s"]);
    board.found();
    deepStrictEqual(board.troubles(), []);
  });

  it("keeps the new watcher of a tag that is deployed again when the old one ends", async () => {
    const { world, board, watcher } = await start();
    const next = await world.watcher("v1.2.3+1");
    board.take(next);
    board.looked(watcher);
    board.letGo(watcher);
    deepStrictEqual(
      board.all.map((one) => [one.watcher === next, one.samples]),
      [[true, 0]],
    );
  });
});

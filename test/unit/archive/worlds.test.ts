import { deepStrictEqual, ok } from "node:assert";
import { wrongIn } from "../../simulation/archive/check";
import { type Played, play } from "../../simulation/archive/play";

/** Worlds to play: SMESHNET_WORLDS=500 plays more. */
const WORLDS = Number(process.env.SMESHNET_WORLDS ?? 40);

describe("the archive of a network under rotation, evictions, lost nodes and API errors", function () {
  this.timeout(5_000 + WORLDS * 1_000);
  const played: Played[] = [];

  it(`names every gap and invents none in ${WORLDS} worlds`, async () => {
    for (let seed = 1; seed <= WORLDS; seed += 1) {
      const world = await play(seed);
      deepStrictEqual(wrongIn(world.cluster, world), [], `seed ${seed}`);
      played.push(world);
    }
  });
});

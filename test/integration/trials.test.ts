import { match } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../support/checkout";
import { PostWorld } from "../support/github-post";
import {
  comments,
  definitions,
  encodings,
  flatParts,
  longLine,
  markup,
  nodeManner,
  openSections,
  twoSections,
} from "../support/trials/changelogs";
import { wrongClocks } from "../support/trials/clocks";
import { impossibleLayers } from "../support/trials/layers";
import { brokenLogs } from "../support/trials/logs";
import { bumps, ownComment } from "../support/trials/requests";
import { filters, messages, misplacedTags, twins } from "../support/trials/tags";
import type { Trial } from "../support/trials/trial";
import { disagreeingViews } from "../support/trials/views";
import { disturbedWatch } from "../support/trials/watch";

const WORLD = new PostWorld();

/** Trials of public bug reports: the report's id in test/fixtures/trials, what is right, and how it is tried. */
const TRIALS: readonly (readonly [id: string, right: string, trial: Trial])[] = [
  ["T01", "a changelog in go-spacemesh's manner is read and released, all else byte for byte", nodeManner],
  ["T04", "headings in comments are none, and no comment or HTML reaches Discord", comments],
  ["T05", "parts at the level of versions belong to the version above", flatParts],
  ["T06", "two sections of one version are refused with both lines", twoSections],
  ["T07", "words that only look like a link definition stay", definitions],
  ["T09", "as much of one long line as fits is announced", longLine],
  ["T10", "each encoding and line end is read, or refused in one line", encodings],
  ["T11", "one commit breaks, by its footer; what only looks like a break is none", bumps],
  ["T12", "the open section is found in each manner, or refused with its line", openSections],
  ["T14", "the reason in a release tag is read as git reads trailers", messages],
  ["T15", "a build whose nodes tell its twin fails with the cause", twins],
  ["T17", "the tags of a build or a release start a job, and no other", filters],
  ["T20", "misplaced tags are refused, each with its reason, and shallow clones are not judged", misplacedTags],
  ["T24", "nobody is called, and no markup that Discord does not know is shown raw", markup],
  ["T35", "logs are kept byte for byte, a broken one is none, and the kubelet's times are taken out", brokenLogs],
  ["T40", "layers that cannot be pass no smoke test, and the simmer does not believe them", impossibleLayers],
  ["T41", "layers count by the nodes' clock, and a wrong clock of this machine is named", wrongClocks],
  ["T42", "views that disagree with the nodes fail, and say by how much", disagreeingViews],
  ["T44", "watched time is counted to the second through kills, wrong clocks and a changed sample", disturbedWatch],
  ["T45", "one comment is kept, found by author and marker", () => ownComment(WORLD)],
];

// Trials that stand beside other tests of the same part. `--grep "\bT[0-9]"` over all test files runs every one.
const ELSEWHERE: readonly (readonly [id: string, right: string, file: string])[] = [
  ["T19", "of nine pushed refs one starts a job", "unit/sandbox/pushed-tags"],
  ["T23", "each refusal of Discord names its own fix", "unit/promote/announcement/refusals"],
  ["T26", "a page that its zone changed is recognised, and the setting is named", "unit/base/observe/same-page"],
  ["T27", "a record that is somebody's is named before the network is paid for", "integration/deploy/taken-names"],
  ["T28", "Cloudflare's limits are waited out as it tells", "unit/base/clients/cloudflare-patience"],
  ["T32", "a refused credential is asked for once more", "integration/archive/credentials"],
  ["T33", "a public IPv4 address counts first, and a private one is refused", "unit/deploy/gateway/address"],
  ["T34", "nodes are found at their addresses of today", "unit/base/observe/exposed"],
  ["T38", "a passphrase that is missing or wrong is one line", "unit/base/engine/passphrase"],
  ["T39", "an expired session and a wrong clock each have their own fix", "unit/base/store/s3-manners"],
];

describe("trials of public bug reports", function () {
  this.timeout(60_000);
  WORLD.hooks();
  for (const [id, right, trial] of TRIALS) it(`${id}: ${right}`, trial);
  for (const [id, right, file] of ELSEWHERE)
    it(`${id}: ${right} (tried in test/${file}.test.ts)`, () =>
      match(
        readFileSync(join(CHECKOUT, "test", `${file}.test.ts`), "utf8"),
        new RegExp(`^ *(?:it|describe)\\(.*\\b${id}\\b`, "m"),
      ));
});

import { SIMMER_VERDICTS } from "../../base/model/verdict";
import { duration, utc } from "../../base/web/format";
import type { Certificate } from "./reader";
import { countedSeconds } from "./statement";

const SECONDS_PER_DAY = 86_400;

/** A verified certificate in lines for people. */
export function certificateWords(certificate: Certificate): string[] {
  const { tag, release, commit, repository, image, genesisId, effectiveGenesis, chain, needed } = certificate;
  const { observed, from, to, visits, digests, page, result, warnings } = certificate;
  const row = (name: string, value: string) => `${name.padEnd(12)}${value}`;
  return [
    `${tag} is certified, ${result === "PASSED" ? "without warnings" : `with warnings: ${warnings.join(", ")}`}`,
    ...(release === undefined ? [] : [row("release", release)]),
    row("commit", `${commit} of ${repository}`),
    row("image", image ? `${image.name} ${image.sha256}` : "not certified: its digest was unknown"),
    row("counted", `${span(countedSeconds(observed))} of ${span(needed)}, healthy or slow`),
    row("watched", `${utc(from)} to ${utc(to)}, ${visits} daily visits`),
    ...sharesOf(observed).map(([verdict, share, seconds]) => row(`  ${verdict}`, `${share}, ${span(seconds)}`)),
    row("network", `genesis ${genesisId}, effective genesis in layer ${effectiveGenesis}`),
    row("log", `${chain.count} objects at ${chain.prefix}, the last with SHA-256 ${chain.head}`),
    row("config", digests.config),
    row("versions", digests.versions),
    row("smoke", digests.smoke),
    ...(page === undefined ? [] : [row("page", page)]),
  ];
}

/** The verdicts that were given at all, with their share of the observed time. */
function sharesOf(observed: Certificate["observed"]): [verdict: string, share: string, seconds: number][] {
  const total = SIMMER_VERDICTS.reduce((sum, verdict) => sum + observed[verdict], 0);
  return SIMMER_VERDICTS.filter((verdict) => observed[verdict] > 0).map((verdict) => {
    const seconds = observed[verdict];
    // 99.996 % must not read as 100 %.
    return [verdict, `${(Math.floor((seconds / total) * 10_000) / 100).toFixed(2)} %`, seconds];
  });
}

/** `7.02 days`, and smaller units below two days. */
const span = (seconds: number): string =>
  seconds >= 2 * SECONDS_PER_DAY
    ? `${Number((Math.floor((seconds / SECONDS_PER_DAY) * 100) / 100).toFixed(2))} days`
    : duration(Math.floor(seconds));

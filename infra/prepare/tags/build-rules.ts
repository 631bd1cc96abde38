import { shown } from "../../base/lib/errors";
import { type BuildTag, buildTag, releaseTag } from "../../base/model/build-tag";
import { supersededIn, trailerValues } from "../../base/model/trailers";
import { CHANGELOG } from "../checkout";
import type { TagFacts } from "./facts";
import { belowLast, buildsOf, existsAlready, withoutSection } from "./shared-rules";
import { short, type Violation } from "./violation";

/** The rules of a build tag alone, the cause first. */
export const buildRules = (build: BuildTag, facts: TagFacts): (Violation | undefined)[] => [
  belowLast(buildTag(build), build, facts, () => true),
  released(build, facts),
  existsAlready(buildTag(build), facts, `Tag the next build, ${nextOf(build, facts)}.`) ?? outOfLine(build, facts),
  withoutSection(build, facts),
  unreleased(build, facts),
  codeChanged(build, facts),
  supersedesOther(build, facts),
];

/** A release says that the version is done. */
function released(build: BuildTag, { tags }: TagFacts): Violation | undefined {
  const release = releaseTag(build);
  const found = tags.find(({ tag, isBefore }) => isBefore && tag === release);
  if (!found) return undefined;
  return {
    rule: "released",
    what: `${buildTag(build)} comes after the release ${release}, on ${short(found.commit)}.`,
    fix: "Prepare the next version with `smeshnet prepare`.",
  };
}

/** Build numbers count 1, 2, 3. A new build comes after all others; one that exists, after the one before it. */
function outOfLine(build: BuildTag, facts: TagFacts): Violation | undefined {
  const numbers = buildsOf(build, facts.tags).map((one) => one.build.build);
  const last = Math.max(0, ...numbers);
  const [tag, next] = [buildTag(build), nextOf(build, facts)];
  if (facts.isNew && build.build <= last) {
    const what = `${tag} comes after ${buildTag({ ...build, build: last })}, which has a higher number.`;
    return { rule: "behind", what, fix: `Tag the next build, ${next}.` };
  }
  if (build.build === 1 || numbers.includes(build.build - 1)) return undefined;
  if (!numbers.some((number) => number < build.build)) {
    const what = `${tag} would be the first build of ${releaseTag(build)}, and builds count from 1.`;
    return { rule: "first-build", what, fix: `Tag ${next}.` };
  }
  const what = `${tag} leaves a gap: there is no ${buildTag({ ...build, build: build.build - 1 })}.`;
  return { rule: "gap", what, fix: `Tag the next build in line, ${next}.` };
}

/** The build in line: after all others for a new tag, else the first that is missing. */
function nextOf(build: BuildTag, { tags, isNew }: TagFacts): string {
  const numbers = new Set(buildsOf(build, tags).map((one) => one.build.build));
  let next = isNew ? Math.max(0, ...numbers) + 1 : 1;
  while (numbers.has(next)) next++;
  return buildTag({ ...build, build: next });
}

function unreleased(build: BuildTag, { releasing, target }: TagFacts): Violation | undefined {
  if (releasing) return undefined;
  const release = releaseTag(build);
  return {
    rule: "not-prepared",
    what: `The log of ${short(target.commit)} has no commit "Releasing ${release}".`,
    fix: `Make it with \`smeshnet prepare --version ${release}\`, and tag it.`,
  };
}

/** What was reviewed and named is what is built first. A later build may hold a fix, and says what failed. */
function codeChanged(build: BuildTag, { releasing, target }: TagFacts): Violation | undefined {
  const [file, ...more] = releasing?.changed.filter((one) => one !== CHANGELOG) ?? [];
  if (!releasing || file === undefined) return undefined;
  const files = `${shown(file)}${more.length > 0 ? ` and ${more.length} more` : ""}`;
  const since = `since "Releasing ${releaseTag(build)}" (${files})`;
  if (build.build === 1) {
    const fix = `Tag ${short(releasing.commit)} itself, or prepare the release again.`;
    return { rule: "code-changed", what: `Code changed ${since}, before the first build.`, fix };
  }
  if (trailerValues(target.message ?? "", "Supersedes").length > 0) return undefined;
  const before = buildTag({ ...build, build: build.build - 1 });
  return {
    rule: "no-failure",
    what: `Code changed ${since}, and ${buildTag(build)} does not say that ${before} failed.`,
    fix: `Tag it with \`smeshnet tag build\`, or end the message of an annotated tag with "Supersedes: ${before} WHY".`,
  };
}

/** A build takes the place of the one before it. */
function supersedesOther(build: BuildTag, { target }: TagFacts): Violation | undefined {
  const values = trailerValues(target.message ?? "", "Supersedes");
  if (values.length === 0) return undefined;
  const before = buildTag({ ...build, build: build.build - 1 });
  if (build.build > 1 && supersededIn(target.message ?? "")?.tag === before) return undefined;
  const said = `${buildTag(build)} says that it supersedes ${shown(values.join(", "))}`;
  if (build.build === 1) {
    return { rule: "supersedes-other", what: `${said}, but it is the first build.`, fix: "Leave that line out." };
  }
  const fix = `End the message with one line "Supersedes: ${before} WHY".`;
  return { rule: "supersedes-other", what: `${said}, expected ${before} and why.`, fix };
}

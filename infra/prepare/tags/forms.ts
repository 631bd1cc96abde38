import { shown } from "../../base/lib/errors";
import { hostLabel, isBuildTag, isReleaseTag, LONGEST_LABEL } from "../../base/model/build-tag";
import type { Violation } from "./violation";

/** What is wrong with the form of a tag: a phrase after its name, and what to write. */
interface Wrong {
  readonly what: string;
  readonly fix: string;
}

interface Form {
  readonly rule: string;
  /** Undefined for a tag that does not have this mistake. */
  readonly wrong: (tag: string) => Wrong | undefined;
}

const EXPECTED = "Write it as v1.2.3+1 or v1.2.3.";

const matching = (rule: string, form: RegExp, what: (match: RegExpExecArray) => string, fix = EXPECTED): Form => ({
  rule,
  wrong: (tag) => {
    const match = form.exec(tag);
    return match
      ? { what: what(match), fix: fix.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? "") }
      : undefined;
  },
});

/** The mistakes of form, from the coarse to the fine. The first that fits is the cause. */
const FORMS: readonly Form[] = [
  matching("empty", /^$/, () => "is no name"),
  matching("blank", /\s/, () => "has a blank in it", "Remove the blanks."),
  matching("foreign-character", /[^\x21-\x7e]/, ([found]) => `has the character ${code(found)}, which is not ASCII`),
  matching("full-ref", /^refs\/tags\/(.*)$/, () => "is the full name of a ref", "Write $1 alone."),
  matching("folder", /\//, () => "has a slash, so it is in a folder of tags", "Leave the folder away."),
  matching("capital-v", /^V(.*)$/, () => "begins with a capital V", "Write v$1."),
  matching("stack-name", /^(\d+)_(\d+)_(\d+)_(\d+)$/, () => "is the name of a stack", "Write v$1.$2.$3+$4."),
  matching("host-label", /^v(\d+)-(\d+)-(\d+)-(\d+)$/, () => "is the name of a host", "Write v$1.$2.$3+$4."),
  matching("image-tag", /^v?(\d+\.\d+\.\d+)-b(\d+)$/, () => "is the tag of an image", "Write v$1+$2."),
  matching("missing-v", /^(\d.*)$/, () => "lacks the v in front", "Write v$1."),
  matching("no-version", /^(?!v)/, () => "does not begin with v and a number"),
  matching("second-plus", /\+[^+]*\+/, () => "has more than one plus sign", "Keep one build number."),
  matching("no-build-number", /\+$/, () => "has a plus sign without a build number", "Write the build number, from 1."),
  matching("build-zero", /\+0+$/, () => "has the build number 0", "Build numbers count from 1."),
  matching(
    "build-leading-zero",
    /\+0+([1-9]\d*)$/,
    ([, number]) => `has a zero before the build number ${number}`,
    "Write +$1.",
  ),
  matching(
    "build-in-parts",
    /\+\d+([.-]\d+)+$/,
    () => "has a build number of several parts",
    "Write one whole number.",
  ),
  matching(
    "build-no-number",
    /\+(?!\d+$)/,
    () => "has a build that is no whole number",
    "Write a number from 1 after the plus sign.",
  ),
  matching("pre-release", /^v\d+\.\d+\.\d+-/, () => "has a pre-release", "Leave it away: builds count as +1, +2."),
  matching("too-few-numbers", /^v\d+(\.\d+)?(\+|$)/, () => "has fewer than three numbers in its version"),
  matching("too-many-numbers", /^v\d+(\.\d+){3,}(\+|$)/, () => "has more than three numbers in its version"),
  matching("empty-number", /^v\.|\.\.|\.(\+|$)/, () => "has an empty number in its version"),
  matching(
    "version-leading-zero",
    /[v.]0+(0|[1-9]\d*)(?=[.+]|$)/,
    ([, number]) => `has a zero before ${number}`,
    "Remove the zero.",
  ),
  matching("letters", /^v[\d.]*[a-z]/i, () => "has letters in its version"),
  matching("separator", /^v\d+[^.\d]/, () => "has something else than dots between its numbers"),
  {
    rule: "too-large",
    wrong: (tag) =>
      (tag.match(/\d+/g) ?? []).some((number) => !Number.isSafeInteger(Number(number)))
        ? { what: `has a number above ${Number.MAX_SAFE_INTEGER}`, fix: "Use smaller numbers." }
        : undefined,
  },
  {
    rule: "too-long",
    wrong: (tag) => {
      const [, major, minor, patch, build] = /^v(\d+)\.(\d+)\.(\d+)\+(\d+)$/.exec(tag)?.map(Number) ?? [];
      if (major === undefined || minor === undefined || patch === undefined || build === undefined) return undefined;
      const label = hostLabel({ major, minor, patch, build });
      return {
        what: `makes the name ${label}, which exceeds ${LONGEST_LABEL} characters`,
        fix: "Use smaller numbers.",
      };
    },
  },
  { rule: "form", wrong: () => ({ what: "is no version tag", fix: EXPECTED }) },
];

/** Why a text has not the form of a version tag, `v1.2.3+1` or `v1.2.3`; undefined when it has. */
export function formViolation(tag: string): Violation | undefined {
  if (isBuildTag(tag) || isReleaseTag(tag)) return undefined;
  for (const { rule, wrong } of FORMS) {
    const found = wrong(tag);
    if (found) return { rule, what: `${shown(tag)} ${found.what}.`, fix: found.fix };
  }
  return undefined;
}

/** Whether somebody meant a tag to be of a version. All other tags are free, such as the date `2026-11-29`. */
export const looksLikeVersion = (tag: string): boolean => /^v\d|^\d+[._+]|^v.*\+\d/i.test(tag);

const code = (character: string | undefined): string =>
  `U+${(character?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

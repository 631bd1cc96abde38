import { shown } from "../base/lib/errors";
import type { Survey } from "../base/store/adoption";

/** How many entries of a log are shown, of each log. */
const MOST_ENTRIES = 3;

/** What a person looks at before records from before seals are adopted. All of it may be anybody's, so it is quoted. */
export function surveyLines({ begun, unproven, list, older }: Survey): string[] {
  const ofOlder =
    older > 0 ? [`${older} records bear the seal of an older key; --reseal seals them with the first`] : [];
  if (unproven.length === 0) return ["every record of the store bears a seal that holds", ...ofOlder];
  const shownOf = new Map<string, number>();
  const lines = unproven.flatMap(({ key, body, bytes, isText }) => {
    const log = /^simmer\/[^/]+\/[^/]+\/(?=\d+\.json$)/.exec(key)?.[0];
    if (log !== undefined) {
      const count = (shownOf.get(log) ?? 0) + 1;
      shownOf.set(log, count);
      if (count > MOST_ENTRIES) return [];
    }
    const content = isText ? shown(body.toString("utf8").replace(/\s+/g, " ")) : "no text, never adopted";
    return [`${shown(key)} ${bytes} bytes: ${content}`];
  });
  const more = [...shownOf].flatMap(([log, count]) =>
    count > MOST_ENTRIES ? [`${shown(log)} has ${count - MOST_ENTRIES} more entries`] : [],
  );
  const next = begun
    ? "the store requires seals already: these are ignored"
    : `list ${list}: adopt exactly these with \`smeshnet archive seal --adopt ${list}\`, or none with \`--adopt none\``;
  return [...lines, ...more, ...ofOlder, next];
}

import { escaped, layout } from "./layout";

/** A network that is gone, as `history:1_2_3_1:OPENED_AT` tells it (infra/base/model/history-record.ts). */
export interface Retired {
  /** Name in keys and paths, `1_2_3_1`. */
  readonly name: string;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** RFC 3339. */
  readonly openedAt: string;
  /** RFC 3339. */
  readonly retiredAt: string;
  readonly verdict: string;
  readonly why: string;
  /** Where the archive's manifest is. */
  readonly archive?: string;
  /** Layers at the time of archiving. */
  readonly lastSeen?: { readonly verifiedLayer: number; readonly topLayer: number };
}

/**
 * Reads a stored record; undefined when it is anything else.
 * @param key without its prefix, `1_2_3_1:2026-11-25T07:40:02Z`
 */
export function readRetired(key: string, stored: string): Retired | undefined {
  const [name = ""] = key.split(":");
  const value = parsed(stored);
  const texts = ["tag", "verdict", "why", "openedAt", "retiredAt"].map((field) => value[field]);
  if (!texts.every((text) => typeof text === "string")) return undefined;
  const { openedAt, retiredAt, archive, lastSeen } = value as unknown as Retired;
  if (Number.isNaN(Date.parse(openedAt)) || Number.isNaN(Date.parse(retiredAt))) return undefined;
  return {
    ...(value as unknown as Retired),
    name,
    archive: typeof archive === "string" ? archive : undefined,
    lastSeen: [lastSeen?.verifiedLayer, lastSeen?.topLayer].every(Number.isFinite) ? lastSeen : undefined,
  };
}

/** The order of the history: the newest retirement first. */
export const newestRetirementFirst = (records: readonly Retired[]): Retired[] =>
  records.toSorted((a, b) => Date.parse(b.retiredAt) - Date.parse(a.retiredAt) || (a.name < b.name ? -1 : 1));

/** The record as the public reads it. */
export const publicRecord = ({ name: _, ...record }: Retired): object => record;

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** `3 days` between two times: whole units of the largest of which there are two, and never less than a minute. */
export function lifeSpan(openedAt: string, retiredAt: string): string {
  const seconds = Math.max(0, Date.parse(retiredAt) - Date.parse(openedAt)) / 1000;
  const [unit, length] = UNITS.find(([, length]) => seconds >= 2 * length) ?? ["minute", 60];
  const count = Math.max(1, Math.floor(seconds / length));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A line of the index: what is left of a network. */
export const retiredItem = (retired: Retired): string => `<li class="gone">
<h3><a href="/networks/${retired.name}">${escaped(retired.tag)}</a> ${verdict(retired)}</h3>
<p>${escaped(retired.why)}</p>
<p class="quiet">Lived ${lifeSpan(retired.openedAt, retired.retiredAt)}, from ${day(retired.openedAt)} to ${day(retired.retiredAt)}. ${retired.lastSeen ? `Last seen at layer ${lastSeen(retired)}.` : ""}</p>
<p class="quiet">Archive: ${archive(retired)}</p>
</li>
`;

const HOW_IT_WAS = "What follows tells how it was, and none of its hosts answers any more.";

/** What is put into the page of a network that is gone; its style is the page's own (infra/base/web/style.ts). */
export const retiredSection = (retired: Retired, rest = HOW_IT_WAS): string => `
<section class="notice retired" aria-labelledby="retired-title">
<h2 id="retired-title">Retired on ${moment(retired.retiredAt)}</h2>
<p>It lived ${lifeSpan(retired.openedAt, retired.retiredAt)}. ${rest}</p>
<dl class="rows">
<div><dt>Verdict</dt><dd>${verdict(retired)}</dd></div>
<div><dt>Why</dt><dd>${escaped(retired.why)}</dd></div>
${retired.lastSeen ? `<div><dt>Last seen</dt><dd>Layer ${lastSeen(retired)}</dd></div>\n` : ""}<div><dt>Archive</dt><dd>${archive(retired)}</dd></div>
</dl>
</section>`;

/** A stored page with a section before all else that it says. */
export const withSection = (page: string, section: string): string =>
  page.replace("<main>", (tag) => `${tag}${section}`);

/** The page of a network that never had one: its deployment did not get that far. */
export const retiredPage = (retired: Retired): string =>
  layout(
    retired.tag,
    `${retiredSection(retired, "It has no page of its own, since its deployment did not get that far.")}\n<p><a href="/">All networks</a></p>\n`,
  );

const verdict = ({ verdict }: Retired): string =>
  `<span class="verdict" data-verdict="${escaped(verdict)}">${escaped(verdict)}</span>`;

const lastSeen = ({ lastSeen }: Retired): string =>
  lastSeen ? `${number(lastSeen.topLayer)}, verified up to ${number(lastSeen.verifiedLayer)}` : "";

/** A link where browsers can follow it; the places of folders and buckets stay text. */
function archive({ archive }: Retired): string {
  if (archive === undefined) return "none was made";
  const text = escaped(archive);
  return /^https?:\/\//.test(archive) ? `<a href="${text}">${text}</a>` : `<code>${text}</code>`;
}

/** `25 November 2026`. */
const day = (time: string): string => element(time, dayOf(time));

/** `25 November 2026, 07:40 UTC`. */
const moment = (time: string): string =>
  element(time, `${dayOf(time)}, ${new Date(time).toISOString().slice(11, 16)} UTC`);

const element = (time: string, text: string): string => `<time datetime="${escaped(time)}">${text}</time>`;

const dayOf = (time: string): string =>
  new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const number = (value: number): string => value.toLocaleString("en");

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

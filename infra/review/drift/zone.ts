import type { CloudflareObject } from "../../base/clients/cloudflare";
import { isBuildTag, parseBuildTag, stackName } from "../../base/model/build-tag";
import { ownerComment, ownershipHost, ownershipText } from "../../base/model/ownership";
import type { Settings } from "../../base/model/settings";
import { CHALLENGE_COMMENT } from "../../base/model/tls";
import * as mend from "./mend";
import type { Finding, Note } from "./model";

/** What decides whose a DNS record is. */
export interface ZoneView {
  /** All records of the zone. */
  readonly records: readonly CloudflareObject[];
  /** Names of the stacks that own anything, or are about to. */
  readonly living: ReadonlySet<string>;
  /** Stacks whose records cannot be told from those in their state now. */
  readonly unjudged: ReadonlySet<string>;
  /** Ids of all resources in all states. */
  readonly ids: ReadonlySet<string>;
  readonly settings: Pick<Settings, "zone" | "subdomain">;
  /** URL of a record at Cloudflare's API. */
  readonly urlOf: (id: string) => string;
}

/** The records that carry the mark of a network or a channel, but that no living stack knows. */
export function orphanedRecords({ records, living, unjudged, ids, urlOf }: ZoneView): Finding[] {
  return records.flatMap((record) => {
    const owner = ownerOf(record);
    if (owner === undefined || ids.has(record.id)) return [];
    const stack = isBuildTag(owner) ? stackName(parseBuildTag(owner)) : owner;
    const what = `DNS record ${labelOf(record)}`;
    if (unjudged.has(stack)) return [];
    return living.has(stack)
      ? [
          {
            kind: "orphan" as const,
            what,
            why: `stack ${stack} owns it, but its state does not know it`,
            mend: mend.recover(stack),
          },
        ]
      : [
          {
            kind: "orphan" as const,
            what,
            why: `it belongs to ${owner}, which has no stack`,
            mend: mend.removeAtCloudflare(urlOf(record.id), "dns"),
          },
        ];
  });
}

/** The records in our part of the zone that are not ours. Those of a Worker's hosts belong to the host. */
export function foreignRecords({ records, ids, settings: { zone, subdomain } }: ZoneView): Note[] {
  const ours = `${subdomain}.${zone}`;
  return records
    .filter((record) => {
      const name = String(record.name);
      const isInside = name === ours || name.endsWith(`.${ours}`);
      return (
        isInside && !ids.has(record.id) && ownerOf(record) === undefined && !isOfWorker(record) && !isChallenge(record)
      );
    })
    .map((record) => ({ what: `DNS record ${labelOf(record)}`, why: "it has no mark of ours" }));
}

/** The build tag or channel that a record belongs to, by its comment, or by its text where it is the mark itself. */
export function ownerOf({ comment, name, type, content }: CloudflareObject): string | undefined {
  const prefix = ownerComment("");
  if (typeof comment === "string" && comment.startsWith(prefix)) {
    const owner = comment.slice(prefix.length);
    return isBuildTag(owner) || /^[a-z][a-z0-9-]*$/.test(owner) ? owner : undefined;
  }
  const text = type === "TXT" && typeof content === "string" ? content.replace(/^"(.*)"$/, "$1") : "";
  const tag = text.startsWith(ownershipText("")) ? text.slice(ownershipText("").length) : "";
  const isMark = isBuildTag(tag) && String(name).startsWith(`${ownershipHost(stackName(parseBuildTag(tag)))}.`);
  return isMark ? tag : undefined;
}

const isOfWorker = ({ meta }: CloudflareObject): boolean =>
  typeof meta === "object" && meta !== null && "read_only" in meta && meta.read_only === true;

/** A record of `smeshnet tls renew`, which removes it itself, in its next run at the latest. */
const isChallenge = ({ comment }: CloudflareObject): boolean => comment === CHALLENGE_COMMENT;

const labelOf = ({ name, type, content }: CloudflareObject): string => `${name} (${type} ${content})`;

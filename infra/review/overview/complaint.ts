import { UserError } from "../../base/lib/errors";
import { allUnread, type Overview } from "./model";

/** The error for an overview in which something could not be read; undefined when everything was. */
export function complaintOf(overview: Overview): UserError | undefined {
  const unread = allUnread(overview);
  const [first] = unread;
  if (!first) return undefined;
  const names = [...new Set(unread.map(({ what }) => what))].join(", ");
  return new UserError("OverviewIncomplete", `The overview is not complete; not read: ${names}.`, first.fix);
}

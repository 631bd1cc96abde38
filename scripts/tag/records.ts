import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import type { Records } from "../../infra/prepare/tags/facts";

/** stub */
export const recordsOf =
  (_run: Run) =>
  async (_tag: string, _build: { readonly tag: string; readonly commit: string }): Promise<Records> => ({
    certificate: { state: "unseen", why: "no store" },
    deployed: { state: "unseen", why: "no store" },
  });

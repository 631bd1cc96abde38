import { credentials } from "../infra/base/cli/credentials";
import { type Cloudflare, cloudflareApi } from "../infra/base/clients/cloudflare";
import { settingsOfProject } from "../infra/base/engine/project";
import { repairBackend } from "../infra/base/engine/recovery/file-backend";
import type { Run } from "../infra/base/lib/run";
import type { Settings } from "../infra/base/model/settings";

/** What commands on the project of this checkout work with. */
export interface Project {
  readonly settings: Settings;
  readonly cloudflare: Cloudflare;
}

/** Reads the settings; nothing is touched yet. @throws {UserError} naming every wrong setting */
export async function openProject(run: Run): Promise<Project> {
  return { settings: await settingsOfProject(process.env), cloudflare: cloudflareApi(credentials(), run) };
}

/** Repairs what a killed engine may have left in a backend that is a folder, before anything reads from it. */
export const repair = (run: Run): Promise<void> => repairBackend(process.env.PULUMI_BACKEND_URL, run);

import { z } from "zod";
import { exec, lastLine } from "../base/lib/exec";
import { parsedJson } from "../base/lib/json";
import type { Settings } from "../base/model/settings";
import { type Check, type Finding, fail, found, ok } from "./check";

/** Time limit of one call, in seconds. The check's own limit ends it earlier. */
const TIMEOUT = 120;

const Accounts = z.array(z.object({ account: z.string() }));
const Project = z.object({ projectId: z.string(), lifecycleState: z.string() });

/** The questions to Google Cloud, for the driver `spacecraft`. */
export const googleCheck = ({ gcpProject }: Pick<Settings, "gcpProject">): Check => ({
  name: "google.account",
  async ask(signal) {
    const args = ["auth", "list", "--filter=status:ACTIVE", "--format=json"];
    const { exitCode, stdout, stderr } = await exec("gcloud", args, { secrets: ["google"], timeout: TIMEOUT, signal });
    const account = judgeAccount(exitCode, stdout, stderr);
    return { findings: [account], next: account.state === "ok" ? [projectCheck(gcpProject)] : [] };
  },
});

const projectCheck = (project: string): Check => ({
  name: "google.project",
  async ask(signal) {
    const args = ["projects", "describe", project, "--format=json"];
    const { exitCode, stdout, stderr } = await exec("gcloud", args, { secrets: ["google"], timeout: TIMEOUT, signal });
    return found(judgeProject(project, exitCode, stdout, stderr));
  },
});

/** Reads what `gcloud auth list` printed. */
export function judgeAccount(exitCode: number, stdout: string, stderr: string): Finding {
  const name = "google.account";
  const { success, data } = Accounts.safeParse(exitCode === 0 ? parsedJson(stdout) : undefined);
  if (!success) {
    const reason = lastLine(stderr) || "unexpected output";
    return fail(name, `gcloud does not tell its account: ${reason}`, "Run `gcloud auth list` by hand");
  }
  const [first] = data;
  if (!first) return fail(name, "gcloud is not logged in", "Run `gcloud auth login`");
  return ok(name, `gcloud is logged in as ${first.account}`);
}

/** Reads what `gcloud projects describe` printed. */
export function judgeProject(project: string, exitCode: number, stdout: string, stderr: string): Finding {
  const name = "google.project";
  const { success, data } = Project.safeParse(exitCode === 0 ? parsedJson(stdout) : undefined);
  if (!success) {
    const what = `project ${project} cannot be described: ${lastLine(stderr) || "unexpected output"}`;
    return fail(name, what, "Check smeshnet:gcpProject, and the right to view the project");
  }
  if (data.lifecycleState !== "ACTIVE")
    return fail(name, `project ${project} is ${data.lifecycleState}`, "Use a project that is ACTIVE");
  return ok(name, `project ${project} is ACTIVE`, "the right to create clusters, and the quota for them");
}

import { signersOf } from "../../infra/base/clients/signed-tag";
import { allowedSignersOfProject } from "../../infra/base/engine/project";
import type { Run } from "../../infra/base/lib/run";
import type { Signing } from "../../infra/prepare/tags/facts";

/** Who may sign tags, by the setting `allowedSigners`; undefined when nobody has to. @throws {UserError} */
export async function signingOfProject(run: Run): Promise<Signing | undefined> {
  const signers = signersOf(await allowedSignersOfProject(process.env));
  return signers && { signers, now: run.clock.now() };
}

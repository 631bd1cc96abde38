import { main, say } from "../infra/base/cli/verb";
import { openExistingStack, repairBackend } from "../infra/base/engine/open";
import { settingsOfProject } from "../infra/base/engine/project";
import { recover } from "../infra/base/engine/recovery/recover";
import { fromStackName, parseBuildTag, stackName } from "../infra/base/model/build-tag";

main({
  help: `
Usage: recover TAG|STACK [--force]

Puts a stack in order whose deployment or retirement was killed: ends the plugins that the engine has left behind, takes
away its lock, settles the steps that were under way (the next deploy or retire does them again), and removes DNS records
of the network that its state does not know. deploy and retire do all this themselves before they begin.

An update that runs on this machine is waited for. One that another machine has begun cannot be seen from here:

  --force   your word that no update of this stack is running anywhere

Environment: as for deploy.`,
  flags: { force: { type: "boolean" } },
  positionals: [1, 1],
  async run({ positionals: [what], flags, signal }) {
    const name = nameOf(what as string);
    const { zoneId } = await settingsOfProject();
    await repairBackend(say);
    await openExistingStack(name, `there is no stack ${name}`);
    const did = await recover({ stack: name, zoneId, signal, say, force: flags.force === true }, true);
    say(did ? `${name} is in order: run deploy or retire to go on` : `${name} is in order: there was nothing to do`);
  },
});

/** A stack may be given by its build tag. @throws {InvalidBuildTag} for what looks like neither */
function nameOf(text: string): string {
  return fromStackName(text) || /^[a-z][a-z0-9-]*$/.test(text) ? text : stackName(parseBuildTag(text));
}

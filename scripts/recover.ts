import { argument, defineCommand, toggle } from "../infra/base/cli/command";
import { DEPLOYING, EDGE } from "../infra/base/cli/environment";
import { fromStackName, parseBuildTag, stackName } from "../infra/base/model/build-tag";

/** The organization and the project by which some backends qualify the names of our stacks. */
const QUALIFIED = /^[\w.-]+\/smeshnet\//;

/** A stack may be given by its build tag. @throws {UserError} for text that is neither */
const stack = (given: string): string => {
  const text = given.replace(QUALIFIED, "");
  return fromStackName(text) || /^[a-z][a-z0-9-]*$/.test(text) ? text : stackName(parseBuildTag(text));
};

export const command = defineCommand({
  about: [
    "Cleans up a stack after its deployment or retirement was killed. It ends orphaned plugin processes, clears the stale " +
      "lock, settles unfinished operations and removes DNS records that the state does not know. `deploy` and `retire` do " +
      "all this themselves before they begin.",
    "The command waits for an update that is running on this machine. It refuses when it cannot check who holds a lock: on " +
      "another machine, or in another container.",
  ],
  arguments: {
    stack: argument("TAG|STACK", stack, "Build tag, e.g. v1.2.3+1, or a stack: 1_2_3_1, testnet, edge.", {
      completes: "networks",
    }),
  },
  flags: {
    force: toggle(
      "Clear exactly the locks that are there, even though their owners cannot be checked from this machine. Use only " +
        "if you are sure that no update of this stack is running.",
    ),
  },
  environment: [...DEPLOYING, ...EDGE],
  examples: [
    ["smeshnet recover v1.2.3+1", "Clean up after a killed deployment; then run it again."],
    ["smeshnet recover testnet --force", "Clear a lock that another machine left. First make sure nothing runs there."],
  ],
  async run({ stack }, { force }, run) {
    const [{ recover }, { stateOfExisting }, { requirePassphrase }, { openProject, repair }] = await Promise.all([
      import("../infra/base/engine/recovery/recover.js"),
      import("../infra/base/engine/open.js"),
      import("../infra/base/engine/passphrase.js"),
      import("./project.js"),
    ]);
    const { settings, cloudflare } = await openProject(run);
    await repair(run);
    await requirePassphrase(stack, await stateOfExisting(stack, `Stack ${stack} does not exist.`, run));
    const did = await recover({ stack, zoneId: settings.zoneId, cloudflare, force }, run, { always: true });
    run.say(did ? `${stack}: cleaned up; run deploy or retire to continue` : `${stack}: nothing to clean up`);
  },
});

import { answer, main, say, variable } from "../infra/cli";
import type { NetworkSpec } from "../infra/network-spec";
import { spacecraftDriver } from "../infra/spacecraft/driver";
import { openStore } from "../infra/store";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: network up|down|inspect TAG

Makes, removes or looks at the network of a build tag with go-spacecraft. Safe to run twice: it looks first, adopts what
is complete and ours, removes what is half-made and ours, and leaves alone what is not ours.

  up        prints {"facts": ..., "kubeconfig": ...} on standard output (the kubeconfig is a secret)
  down      returns when the cluster is gone
  inspect   prints what is there, and what "up" would do about it

Environment:
  NETWORK_SPEC   the network as JSON (infra/network-spec.ts), as the stack's program gives it
  ARCHIVE        URL of the archive store, where intents are recorded`,
  positionals: [2, 2],
  async run({ positionals: [action, tag], signal }) {
    const spec = JSON.parse(variable("NETWORK_SPEC")) as NetworkSpec;
    if (spec.tag !== tag) throw new UserError(`NETWORK_SPEC is that of ${spec.tag}, not of ${tag}`, 2);
    const driver = spacecraftDriver(openStore(variable("ARCHIVE")), say);
    if (action === "up") answer(await driver.up(spec, signal));
    else if (action === "down") await driver.down(spec, signal);
    else if (action === "inspect") answer(await driver.inspect(spec, signal));
    else throw new UserError(`"${action}" is not an action: write up, down or inspect`, 2);
  },
});

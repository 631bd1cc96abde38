import { actionOf, jsonVariable, requireSameTag, variable } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { networkSpecSchema } from "../../infra/base/model/network-spec";
import { openStore } from "../../infra/base/store/open";
import { spacecraftDriver } from "../../infra/deploy/network/spacecraft/driver";

main({
  help: `
Usage: network up|down|inspect TAG

Makes, removes or looks at the network of a build tag with go-spacecraft. Safe to run twice: it looks first, adopts what
is complete and ours, removes what is half-made and ours, and leaves alone what is not ours.

  up        prints {"facts": ..., "kubeconfig": ...} on standard output (the kubeconfig is a secret)
  down      returns when the cluster is gone
  inspect   prints what is there, and what "up" would do about it

Environment:
  NETWORK_SPEC   the network as JSON (infra/base/model/network-spec.ts), as the stack's program gives it
  ARCHIVE        URL of the archive store, where intents are recorded`,
  positionals: [2, 2],
  async run({ positionals: [given, tag], signal }) {
    const action = actionOf(given, "up", "down", "inspect");
    parseBuildTag(tag as string);
    const spec = jsonVariable("NETWORK_SPEC", networkSpecSchema);
    requireSameTag("NETWORK_SPEC", spec.tag, tag as string);
    const driver = spacecraftDriver(openStore(variable("ARCHIVE")), say);
    if (action === "up") answer(await driver.up(spec, signal));
    else if (action === "down") await driver.down(spec, signal);
    else answer(await driver.inspect(spec, signal));
  },
});

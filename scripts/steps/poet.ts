import { actionOf, argumentAs, jsonVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { poetInfo } from "../../infra/base/clients/poet";
import { waitFor } from "../../infra/base/lib/wait";
import { hostPort, label, seconds } from "../../infra/base/model/formats";
import { poetPhasesSchema } from "../../infra/base/model/network-spec";
import type { PoetInfo } from "../../infra/base/model/sample";
import { poetAsConfigured } from "../../infra/deploy/poet";

main({
  help: `
Usage: poet wait NAME

Waits until a poet answers: with an open round (the era's versions), or with phase shift and cycle gap as configured
(0.10 and later). Prints what it said.

Environment:
  POET_ADDRESS    HOST:PORT of its REST API
  POET_PHASES     what it should tell, {"phaseShift": s, "cycleGap": s}
  READY_TIMEOUT   longest wait, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, text], signal }) {
    actionOf(action, "wait");
    const name = argumentAs("NAME", text, label.describe("the name of a poet, e.g. poet-1"));
    const address = variableAs("POET_ADDRESS", hostPort);
    const wanted = jsonVariable("POET_PHASES", poetPhasesSchema);
    const limit = variableAs("READY_TIMEOUT", seconds);
    const info = await waitFor<PoetInfo>(async () => poetAsConfigured(await poetInfo(address), wanted), {
      what: `${name} at ${address}`,
      limit,
      signal,
      say,
    });
    say(`${name} answers (${info.kind === "rounds" ? `open round ${info.openRound}` : "phases as configured"})`);
    answer(info);
  },
});

import { answer, main, say, variable } from "../infra/cli";
import { type PoetInfo, poetInfo } from "../infra/clients/poet";
import { poetAsConfigured } from "../infra/looks";
import { UserError } from "../infra/user-error";
import { waitFor } from "../infra/wait";

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
  async run({ positionals: [action, name], signal }) {
    if (action !== "wait") throw new UserError(`"${action}" is not an action: write wait`, 2);
    const address = variable("POET_ADDRESS");
    const wanted = JSON.parse(variable("POET_PHASES")) as { phaseShift: number; cycleGap: number };
    const info = await waitFor<PoetInfo>(async () => poetAsConfigured(await poetInfo(address), wanted), {
      what: `${name} at ${address}`,
      limit: Number(variable("READY_TIMEOUT")),
      signal,
      say,
    });
    say(`${name} answers (${info.kind === "rounds" ? `open round ${info.openRound}` : "phases as configured"})`);
    answer(info);
  },
});

import { answer, main } from "../infra/base/cli/verb";
import { settingsOfProject } from "../infra/base/engine/project";
import { UserError } from "../infra/base/lib/errors";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { publicView } from "../infra/base/observe/public-view";

main({
  help: `
Usage: status TAG [--json]

Looks at the network of a build tag as the public does, by its names only: DNS, info page, discovery list, gRPC status,
explorer, dashboard and poets. Exit code 1 when any of them does not answer.

  --json   prints what was seen as one JSON document

Environment: settings such as SMESHNET_DNS_SERVERS (infra/base/model/settings.ts).`,
  flags: { json: { type: "boolean" } },
  positionals: [1, 1],
  async run({ positionals: [text], flags }) {
    const tag = parseBuildTag(text as string);
    const sights = await publicView(tag, await settingsOfProject());
    const width = Math.max(...sights.map(({ what }) => what.length));
    const lines = sights.map(({ what, ok, saw }) => `${ok ? "ok  " : "FAIL"} ${what.padEnd(width)}  ${saw}`);
    if (flags.json) answer(sights);
    else process.stdout.write(`${lines.join("\n")}\n`);
    const silent = sights.filter(({ ok }) => !ok).map(({ what }) => what);
    if (silent.length > 0) throw new UserError(`${text} does not answer for: ${silent.join(", ")}`);
  },
});

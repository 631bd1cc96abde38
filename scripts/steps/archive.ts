import { NetworkRecord } from "../../infra/archive/documents";
import { newId, openingOf, Probed } from "../../infra/archive/life";
import { archiveStep } from "../../infra/archive/run";
import { credentials } from "../../infra/base/cli/credentials";
import { actionOf, jsonVariable, optionalVariable, requireSameTag, variable } from "../../infra/base/cli/inputs";
import { answer } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { clusterApi } from "../../infra/base/clients/kubernetes/client";
import { outputsOf } from "../../infra/base/engine/state";
import type { Run } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { NetworkSpec } from "../../infra/base/model/network-spec";
import { sayExpiry } from "../../infra/base/store/expiry";
import { openStore } from "../../infra/base/store/open";
import { driverOfStep } from "./driver";

/**
 * `archive probe`: checks that the store can be written, and notes when, with an id. `archive collect TAG`: archives
 * a running network. An archive with the id of the probe in PULUMI_COMMAND_STDOUT is read back instead.
 */
export const step: Step = async (words, run) => {
  if (actionOf(words[0], "probe", "collect") === "probe") {
    wordsOf(words, "archive probe");
    await openStore(variable("ARCHIVE"), credentials()).probe();
    // An update of its settings opens no new archive.
    answer(probedBefore() ?? { openedAt: new Date(run.clock.now()).toISOString(), opening: newId() });
  } else await collect(wordsOf(words, "archive collect TAG")[1] as string, run);
};

/** What the same step printed when it was created. */
const probedBefore = (): Probed | undefined =>
  optionalVariable("PULUMI_COMMAND_STDOUT") === undefined ? undefined : jsonVariable("PULUMI_COMMAND_STDOUT", Probed);

async function collect(tag: string, run: Run): Promise<void> {
  parseBuildTag(tag);
  const record = jsonVariable("NETWORK_RECORD", NetworkRecord);
  const spec = jsonVariable("NETWORK_SPEC", NetworkSpec);
  requireSameTag("NETWORK_RECORD", record.tag, tag);
  requireSameTag("NETWORK_SPEC", spec.tag, tag);
  const kubeconfig = optionalVariable("KUBECONFIG_TEXT");
  if (kubeconfig) clusterApi(kubeconfig); // refuses what is no kubeconfig before the driver is asked
  const probed = probedBefore();
  const opening = probed && openingOf(probed);
  const life = optionalVariable("LIFE");
  const access = credentials();
  const store = openStore(variable("ARCHIVE"), access);
  sayExpiry(variable("ARCHIVE"), access, run);
  const exists = await driverOfStep(store, access).exists(spec, run);
  const stack = optionalVariable("STACK");
  const outputs = stack ? await outputsOf(stack, run) : undefined;
  const gap = optionalVariable("ARCHIVE_GAP");
  answer(await archiveStep({ tag, record, outputs, exists, kubeconfig, gap, life, opening, store }, run));
}

import { actionOf, argumentAs, jsonVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer, print } from "../../infra/base/cli/process";
import { type Step, wordsOf } from "../../infra/base/cli/step";
import { addressesOf } from "../../infra/base/clients/dns";
import type { Run } from "../../infra/base/lib/run";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { Endpoints } from "../../infra/base/model/endpoints";
import { address, dnsName, seconds } from "../../infra/base/model/formats";
import { namesResolved } from "../../infra/deploy/dns";
import { nameServersOfStep } from "./names";

/**
 * `dns resolved TAG`: waits until a network's names lead to its gateway. `dns lookup NAME`: prints a name's addresses.
 */
export const step: Step = async (words, run) => {
  const [action, text = ""] = wordsOf(words, "dns resolved|lookup NAME");
  if (actionOf(action, "resolved", "lookup") === "resolved") return resolved(text, run);
  const name = argumentAs("NAME", text, dnsName);
  const { settingsOfProject } = await import("../../infra/base/engine/project.js");
  const { dnsServers: servers, zone } = await settingsOfProject(process.env);
  print(...(await addressesOf(name, { servers, zone })));
};

async function resolved(text: string, run: Run): Promise<void> {
  const tag = parseBuildTag(text);
  const endpoints = jsonVariable("ENDPOINTS", Endpoints);
  const names = nameServersOfStep();
  const limit = variableAs("READY_TIMEOUT", seconds);
  answer(await namesResolved({ tag, endpoints, address: variableAs("ADDRESS", address), names, limit }, run));
}

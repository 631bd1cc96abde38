import type { Verdict } from "../../../infra/base/model/verdict";
import { type Judge, judge } from "../../../infra/base/verdict/judge";

/** Wrong judges, each with the mistake that the simulation must find. */
export const WRONG_JUDGES: Readonly<
  Record<string, { readonly finds: "retirement" | "missed" | "certificate"; readonly judge: Judge }>
> = {
  "believes one node instead of a quorum": {
    finds: "retirement",
    judge: (network, thresholds, before, sampling) =>
      judge({ ...network, nodes: network.nodes.slice(0, 1) }, thresholds, before, sampling),
  },
  "counts blind time as healthy": {
    finds: "certificate",
    judge: (...given) => {
      const { memory, evidence } = judge(...given);
      const verdict: Verdict = memory.verdict === "blind" && !evidence.early ? "healthy" : memory.verdict;
      const { healthy, blind } = memory.observed;
      return {
        evidence,
        memory: { ...memory, verdict, observed: { ...memory.observed, healthy: healthy + blind, blind: 0 } },
      };
    },
  },
  "counts the time between two watches": {
    finds: "certificate",
    judge: (...given) => {
      const { memory, evidence } = judge(...given);
      const { healthy } = memory.observed;
      return {
        evidence,
        memory: { ...memory, unwatched: 0, observed: { ...memory.observed, healthy: healthy + memory.unwatched } },
      };
    },
  },
  "never forgets a stall that is over": {
    finds: "retirement",
    judge: (network, thresholds, before, sampling) => {
      const { memory, evidence } = judge(network, thresholds, before, sampling);
      return { evidence, memory: { ...memory, trouble: Math.max(memory.trouble, before.trouble) } };
    },
  },
  "takes the nodes' state roots for granted": {
    finds: "certificate",
    judge: (network, thresholds, before, { sample, ...sampling }) => {
      const { roots: _, ...rest } = sample;
      return judge(network, thresholds, before, { ...sampling, sample: rest });
    },
  },
  "waits longer with each layer that does not come": {
    finds: "missed",
    judge: (network, thresholds, before, sampling) =>
      judge(network, { ...thresholds, stall: 2 + Math.floor(before.time / network.layerDuration) }, before, sampling),
  },
  "lets any other root split the network": {
    finds: "retirement",
    judge: (...given) => {
      const { memory, evidence } = judge(...given);
      if (!evidence.roots) return { memory, evidence };
      return { evidence, memory: { ...memory, verdict: "split", trouble: memory.trouble + given[3].every } };
    },
  },
};

import { type Machine, roomFor, spaceText, type TakingPod } from "../base/clients/kubernetes/room";
import type { Demand } from "../base/model/demand";
import { type Finding, fail, ok, warn } from "./check";

const NAME = "cluster.resources";

/**
 * Judges whether a cluster can hold a network.
 * @param pods what runs there; undefined when we may not know
 */
export function judgeCapacity(
  demands: readonly Demand[],
  machines: readonly Machine[],
  pods: readonly TakingPod[] | undefined,
): Finding[] {
  const room = roomFor(demands, machines, pods);
  if (room.machines === 0) return [fail(NAME, "the cluster has no machine that takes pods", "Add machines")];
  if (room.never.length > 0) return room.never.map((what) => fail(NAME, what, LESS));
  const wanted = `the network wants ${spaceText(room.wanted)}`;
  const of = `${room.machines} machines`;
  if (!room.free) return [ok(NAME, `${wanted}, ${of} have ${spaceText(room.whole)}`, "what other pods take of that")];
  if (room.now.length > 0) return room.now.map((what) => warn(NAME, what, MORE));
  if (room.isInPieces) return [warn(NAME, `${wanted}, and what is free on ${of} is in pieces too small for it`, MORE)];
  return [ok(NAME, `${wanted}, ${of} have ${spaceText(room.free)} free`)];
}

const LESS = "Add machines, or lower smeshnet:miners or smeshnet:resources";
const MORE = "Add machines, remove other pods, or let the cluster's autoscaler add machines";

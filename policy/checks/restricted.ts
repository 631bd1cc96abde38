import { type Container, containersOf, podOf } from "./pods";
import { at, type Check, entriesAt, itemsAt, textAt, UNKNOWN } from "./value";

/** The kinds of volumes that do not reach into the machine (kubernetes.io, "Pod Security Standards", restricted). */
const VOLUMES = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
];

/**
 * Every pod meets the profile `restricted` of Kubernetes' Pod Security Standards, so that what breaks out of it owns
 * nothing. It has no key to the API server either, and it writes to its volumes only, within a limit.
 */
export const podRestricted: Check = (resource) => {
  const pod = podOf(resource);
  if (pod === undefined) return [];
  return [
    ...["hostPID", "hostIPC"].flatMap((field) =>
      unless(at(pod, field), (value) => value !== true, `The pod shares its machine's processes. Remove ${field}.`),
    ),
    ...unless(
      at(pod, "automountServiceAccountToken"),
      (value) => value === false,
      "The pod gets a key to the API server. Set automountServiceAccountToken to false.",
    ),
    ...itemsAt(pod, "volumes").flatMap(badVolume),
    ...containersOf(resource).flatMap(badContainer),
  ];
};

function badVolume(volume: unknown): string[] {
  const name = textAt(volume, "name") ?? "";
  const kinds = entriesAt(volume).flatMap(([kind, value]) => (kind === "name" || value === undefined ? [] : [kind]));
  return [
    ...kinds
      .filter((kind) => !VOLUMES.includes(kind))
      .map((kind) => `The volume ${name} is a ${kind}, which reaches into the machine. Use a claim, or an emptyDir.`),
    ...(kinds.includes("emptyDir")
      ? unless(
          at(volume, "emptyDir", "sizeLimit"),
          (limit) => limit !== undefined,
          `The volume ${name} may fill its machine's disk. Set emptyDir.sizeLimit.`,
        )
      : []),
  ];
}

const badContainer = (container: Container): string[] => [
  ...root(container),
  ...unless(
    at(container.spec, "securityContext", "allowPrivilegeEscalation"),
    (value) => value === false,
    `Container ${container.name} may get more rights. Set securityContext.allowPrivilegeEscalation to false.`,
  ),
  ...unless(
    at(container.spec, "securityContext", "readOnlyRootFilesystem"),
    (value) => value === true,
    `Container ${container.name} may change its image. Set securityContext.readOnlyRootFilesystem to true.`,
  ),
  ...unless(
    security(container, "seccompProfile"),
    (profile) => ["RuntimeDefault", "Localhost"].includes(textAt(profile, "type") ?? ""),
    `Container ${container.name} may make every system call. Set securityContext.seccompProfile to RuntimeDefault.`,
  ),
  ...capabilities(container),
];

function capabilities({ name, spec }: Container): string[] {
  const given = at(spec, "securityContext", "capabilities");
  const added = itemsAt(given, "add").filter((one) => one !== UNKNOWN && one !== "NET_BIND_SERVICE");
  return [
    ...unless(
      given,
      () => itemsAt(given, "drop").includes("ALL"),
      `Container ${name} has capabilities of root. Set securityContext.capabilities.drop to ALL.`,
    ),
    ...added.map((one) => `Container ${name} adds the capability ${String(one)}. Remove it.`),
  ];
}

function root(container: Container): string[] {
  const { name } = container;
  if (at(container.spec, "securityContext", "privileged") === true) {
    return [`Container ${name} is privileged. Remove securityContext.privileged.`];
  }
  const user = security(container, "runAsUser");
  if (user === 0) return [`Container ${name} runs as root. Set securityContext.runAsUser to another user than 0.`];
  return [
    ...unless(
      security(container, "runAsNonRoot"),
      (value) => value === true,
      `Container ${name} may run as root. Set securityContext.runAsNonRoot to true.`,
    ),
    ...unless(
      user,
      (value) => typeof value === "number",
      `Container ${name} runs as the user of its image. Set securityContext.runAsUser.`,
    ),
  ];
}

/** A field of the container's security context, which wins over the pod's. */
const security = ({ spec, pod }: Container, field: string): unknown =>
  at(spec, "securityContext", field) ?? at(pod, "securityContext", field);

/** A violation, unless a value is as it should be, or nobody knows it yet. */
const unless = (value: unknown, isRight: (value: unknown) => boolean, violation: string): string[] =>
  value === UNKNOWN || isRight(value) ? [] : [violation];

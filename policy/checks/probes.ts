import { type Container, containersOf } from "./pods";
import { at, type Check, UNKNOWN } from "./value";

/** Containers of which only an open port can be asked, with the reason. */
const BY_PORT: Readonly<Record<string, string>> = {
  "dash-api": "the era's dashboard has one path, which opens a WebSocket",
};

/** Containers that nobody can ask, with the reason. */
const UNASKED: Readonly<Record<string, string>> = {
  "explorer-collector": "it listens at no port",
};

/** Every container is ready when its program says so, so that nobody is sent to a program that does not answer. */
export const readyWhenAsked: Check = (resource) =>
  containersOf(resource).flatMap((container) => (isRun(container, resource) ? unasked(container) : []));

/** Containers that run first, or for debugging, are never asked. */
const isRun = ({ list }: Container, { type }: { readonly type: string }): boolean =>
  list === "containers" && !/:(Cron)?Job(Patch)?$/.test(type);

function unasked({ name, spec }: Container): string[] {
  const probe = at(spec, "readinessProbe");
  if (probe === UNKNOWN) return [];
  if (probe === undefined) {
    return name in UNASKED ? [] : [`Container ${name} is ready unasked. Set readinessProbe.httpGet, or grpc.`];
  }
  const asks = ["httpGet", "grpc", "exec"].some((kind) => at(probe, kind) !== undefined);
  if (asks || name in BY_PORT) return [];
  return [`Container ${name} is ready when its port is open. Set readinessProbe.httpGet, or grpc.`];
}

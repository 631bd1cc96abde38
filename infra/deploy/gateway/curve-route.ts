import { curvePath, curveQuestion, curvesOf } from "../monitoring/curves";
import type { WatchedNetwork } from "../monitoring/network";
import { type Limits, READING, type Route } from "./routes";

/** Name of the Service by which the gateway finds Prometheus. Its pods know Services alone that are older than they. */
export const CURVES_SERVICE = "curves";

/** Prometheus answers 20 questions at a time. Two pods of the gateway leave some for alerts. */
const ASKING: Limits = { ...READING, underway: 8 };

/** What the gateway knows of a network that Prometheus watches. */
export type Watched = Pick<WatchedNetwork, "layerDuration">;

/** The route of the API's host to the public curves. Each path is one fixed question to Prometheus. */
export function curveRoute(driver: WatchedNetwork["driver"], network: Watched): Route {
  const curves = curvesOf(driver);
  return {
    name: "curves",
    protocol: "http",
    methods: ["GET"], // Prometheus reads a question from the body of a POST too
    paths: curves.map(({ name }) => curvePath(name)),
    service: CURVES_SERVICE,
    questions: Object.fromEntries(curves.map((curve) => [curvePath(curve.name), curveQuestion(curve, network)])),
    limits: ASKING,
  };
}

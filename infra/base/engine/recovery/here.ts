import { hostname } from "node:os";
import type { EngineRecord } from "./engine-records";
import type { Here } from "./lock";
import { bootedAt, hidesProcesses, neighbours } from "./neighbours";
import { isWhole, thisPlace } from "./place";

/** This machine, as locks are judged from it. @param engines records of the stack's engines on this machine */
export function hereWith(engines: readonly EngineRecord[]): Here {
  const place = thisPlace();
  return {
    host: hostname(),
    place,
    seesAll: place !== undefined && isWhole(place) && !hidesProcesses(),
    bootedAt: bootedAt(),
    neighbours,
    engines,
  };
}

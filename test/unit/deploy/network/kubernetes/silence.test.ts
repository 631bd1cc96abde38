import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { ApiError } from "../../../../../infra/base/clients/kubernetes/client";
import { UserError } from "../../../../../infra/base/lib/errors";
import { patiently } from "../../../../../infra/deploy/network/kubernetes/silence";

const { signal } = new AbortController();
const failing = (error: Error) => patiently<boolean>(signal, () => Promise.reject(error));

describe("a wait for a cluster", () => {
  it("goes on when the API does not answer for a moment", async () => {
    for (const error of [new Error("connect\nECONNREFUSED"), new ApiError(503, "busy"), new ApiError(429, "slower")]) {
      const look = await failing(error);
      match("seen" in look ? look.seen : "", /^the cluster's API does not answer \([^\n]+\)$/);
    }
    deepStrictEqual(await patiently(signal, async () => ({ value: true })), { value: true });
  });

  it("ends at what does not pass by itself, and at an interrupt", async () => {
    for (const error of [new ApiError(403, "forbidden"), new UserError("TestOnly", "It is wrong.", "Mend it.")])
      await rejects(failing(error), error);
    const stopped = AbortSignal.abort(new Error("interrupted"));
    await rejects(
      patiently(stopped, () => Promise.reject(new Error("socket hang up"))),
      /interrupted/,
    );
    strictEqual(stopped.aborted, true);
  });
});

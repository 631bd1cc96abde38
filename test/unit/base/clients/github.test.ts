import { deepStrictEqual, strictEqual } from "node:assert";
import { failedBy, isLimited, waitAfter } from "../../../../infra/base/clients/github-call";

const NOW = 1_000_000;
const first = { attempt: 1, isRepeatable: true, now: NOW };

describe("the wait after a request that GitHub refused", () => {
  it("is as told, by a time to wait or a time of day", () => {
    strictEqual(waitAfter({ status: 429, headers: { "retry-after": "7" } }, first), 7);
    strictEqual(waitAfter({ status: 403, headers: { "retry-after": "7" } }, first), 7);
    const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${NOW / 1000 + 9}` };
    strictEqual(waitAfter({ status: 403, headers: reset }, first), 9);
  });

  it("is a minute when a rate limit tells none", () => {
    strictEqual(waitAfter({ status: 429, headers: {} }, first), 60);
  });

  it("is not made when it is too long, after the last attempt, or without a permission", () => {
    strictEqual(waitAfter({ status: 429, headers: { "retry-after": "3600" } }, first), undefined);
    strictEqual(waitAfter({ status: 429, headers: { "retry-after": "1" } }, { ...first, attempt: 4 }), undefined);
    strictEqual(waitAfter({ status: 403, headers: {} }, first), undefined);
    strictEqual(waitAfter({ status: 422, headers: {} }, first), undefined);
  });

  it("doubles after failures, and is not made for what may have taken effect", () => {
    deepStrictEqual(
      [1, 2, 3, 4].map((attempt) => waitAfter({ status: 502, headers: {} }, { ...first, attempt })),
      [1, 2, 4, undefined],
    );
    strictEqual(waitAfter({ headers: {} }, { ...first, isRepeatable: false }), undefined);
    strictEqual(waitAfter({ status: 429, headers: {} }, { ...first, isRepeatable: false }), 60);
  });

  it("tells a rate limit from a missing permission by its headers", () => {
    deepStrictEqual([isLimited(403, {}), isLimited(403, { "retry-after": "1" })], [false, true]);
  });
});

describe("an error of Octokit", () => {
  it("is read with its status, its message and its reasons", () => {
    const errors = [{ resource: "IssueComment", message: "Body is too long" }, { code: "custom" }];
    const response = { status: 422, headers: { a: "b" }, data: { message: "Validation Failed", errors } };
    deepStrictEqual(failedBy(Object.assign(new Error("all"), { response })), {
      status: 422,
      headers: { a: "b" },
      why: "Validation Failed: Body is too long",
    });
  });

  it("has no status without an answer, although Octokit gives it 500", () => {
    deepStrictEqual(failedBy(Object.assign(new Error("socket hang up"), { status: 500 })), {
      headers: {},
      why: "socket hang up",
    });
  });
});

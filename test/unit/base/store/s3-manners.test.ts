import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { sayExpiry } from "../../../../infra/base/store/expiry";
import { GcsStore } from "../../../../infra/base/store/gcs";
import { S3Store } from "../../../../infra/base/store/s3";
import { type Answer, AnsweringServer } from "../../../support/answering";
import { refuses } from "../../../support/errors";
import { QuickClock } from "../../../support/late-kv";

const CREDENTIALS = { awsAccessKeyId: "a", awsSecretAccessKey: "b", awsSessionToken: "c" };

/** Tries of one request here; a real store has more, and so a longer wait. */
const TRIES = 2;

/** An answer of S3, with a code that says more than its status. */
const fault = (status: number, code: string, message: string, date = new Date()): Answer => ({
  status,
  headers: { "content-type": "application/xml", date: date.toUTCString() },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

describe("a store at S3 that refuses who asks (T39)", function () {
  this.timeout(20_000);
  let server: AnsweringServer;
  before(async () => {
    server = await new AnsweringServer(() => ({})).start();
  });
  after(() => server.stop());
  beforeEach(() => server.asked.splice(0));

  const place = () =>
    ({ kind: "s3", bucket: "example-bucket", prefix: "x/", region: "us-east-1", endpoint: server.url }) as const;
  const open = (credentials = {}) => new S3Store(place(), { ...CREDENTIALS, ...credentials }, TRIES);
  const probed = async (answer: Answer): Promise<UserError> => {
    server.answer = () => answer;
    const error: unknown = await open()
      .probe()
      .catch((failure: unknown) => failure);
    ok(error instanceof UserError, String(error));
    return error;
  };

  for (const [code, message] of [
    ["ExpiredToken", "The provided token has expired."],
    ["InvalidToken", "The provided token is malformed or otherwise invalid."],
  ] as const)
    it(`asks for new credentials after ${code}, and not for another region`, async () => {
      const { fix, what } = await probed(fault(400, code, message));
      match(what, new RegExp(`${code}: ${message}`));
      match(fix, /credentials have expired: get new ones/);
      doesNotMatch(fix, /region/);
    });

  it("names the clock, and by how much it is wrong, and not the keys", async () => {
    const skewed = "The difference between the request time and the current time is too large.";
    const late = new Date(Date.now() - 17 * 60_000);
    const { fix } = await probed(fault(403, "RequestTimeTooSkewed", skewed, late));
    match(fix, /This machine's clock is wrong by 17 minutes, by the server's date: it is fast/);
    doesNotMatch(fix, /AWS_/);
    match((await probed(fault(403, "RequestTimeTooSkewed", skewed))).fix, /clock is wrong\. Set it/);
  });

  it("tries again for a while when there are too many requests, and then says so", async () => {
    const { fix } = await probed(fault(503, "SlowDown", "Please reduce your request rate."));
    match(fix, /too many requests/);
    strictEqual(server.asked.length, TRIES);
  });

  it("goes on when there are too many requests for a moment only", async () => {
    server.answer = (_, number) =>
      number === 1 ? fault(503, "SlowDown", "Please reduce your request rate.") : { headers: { etag: '"1"' } };
    strictEqual((await open().put("key", "text")).bytes, 4);
  });

  it("asks for the bucket's region and for permissions as before", async () => {
    const region = "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'";
    const malformed = await probed(fault(400, "AuthorizationHeaderMalformed", region));
    match(malformed.fix, /region/);
    match(malformed.what, /expecting 'eu-west-1'/);
    match(
      (await probed(fault(403, "AccessDenied", "explicit deny in a service control policy"))).fix,
      /may list, read/,
    );
  });

  it("writes again after a conflict with another writer, whose object then stands", async () => {
    const conflict = fault(409, "ConditionalRequestConflict", "The conditional request cannot succeed.");
    server.answer = (_, number) =>
      number === 1 ? conflict : fault(412, "PreconditionFailed", "At least one of the preconditions did not hold.");
    const error: unknown = await open()
      .put("key", "text")
      .catch((failure: unknown) => failure);
    ok(error instanceof UserError && error.code === "ObjectExists", String(error));
    strictEqual((await probed(conflict)).code, "StoreConflict");
  });

  it("refuses credentials that are known to have expired, without a request", async () => {
    const error: unknown = await open({ awsCredentialExpiration: "2020-01-01T00:00:00Z" })
      .list("")
      .catch((failure: unknown) => failure);
    ok(error instanceof UserError && error.code === "StoreCredentialsExpired", String(error));
    deepStrictEqual(server.asked, []);
  });
});

describe("sayExpiry", () => {
  const clock = new QuickClock();
  const at = (minutes: number) => ({
    ...CREDENTIALS,
    awsCredentialExpiration: new Date(clock.now() + minutes * 60_000).toISOString(),
  });
  const said = (url: string, credentials: object): string[] => {
    const lines: string[] = [];
    sayExpiry(url, credentials, runWith({ clock, say: (line) => lines.push(line) }));
    return lines;
  };

  it("tells before a long archive how long the credentials last, when that is known", () => {
    match(said("s3://bucket/x", at(42)).join(), /expire in 42 min/);
    deepStrictEqual([said("s3://bucket/x", at(2000)), said("s3://bucket/x", CREDENTIALS)], [[], []]);
    deepStrictEqual(said("file:///archive", at(42)), []);
  });

  it("refuses credentials that have expired", () =>
    refuses(() => said("s3://bucket/x", at(-1)), "StoreCredentialsExpired", { names: ["AWS_CREDENTIAL_EXPIRATION"] }));
});

describe("a fault of Google Cloud Storage", () => {
  class Faults extends GcsStore {
    kind = (message: string, code = 0) => this.faultOf(Object.assign(new Error(message), { code })).kind;
  }
  const faults = new Faults({ kind: "gcs", bucket: "b", prefix: "" }, {});

  it("has its kind, as far as the library tells", () => {
    const clock =
      "invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
      "Check your iat and exp values in the JWT claim.";
    strictEqual(faults.kind(clock, 400), "clock");
    strictEqual(faults.kind("invalid_grant: Token has been expired or revoked.", 400), "expired");
    strictEqual(faults.kind("The object exceeded the rate limit for object mutation operations.", 429), "slow");
    strictEqual(faults.kind("does not have storage.objects.create access", 403), undefined);
  });
});

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { readStatement } from "../../../../infra/simmer/certificate/reader";
import { type CertificateInput, renderStatement, statementOf } from "../../../../infra/simmer/certificate/statement";
import { SAMPLE_INPUT } from "../../../support/certificate";
import { refuses } from "../../../support/errors";

const observed = (change: Partial<CertificateInput["observed"]>): CertificateInput => ({
  ...SAMPLE_INPUT,
  observed: { healthy: SAMPLE_INPUT.needed, slow: 0, stalled: 0, split: 0, blind: 0, ...change },
});

describe("statementOf", () => {
  it("makes an in-toto statement whose subjects are the commit, the image and the log's last object", () => {
    const { _type, predicateType, subject } = statementOf(SAMPLE_INPUT);
    deepStrictEqual(
      { _type, predicateType, subject },
      {
        _type: "https://in-toto.io/Statement/v1",
        predicateType: "https://in-toto.io/attestation/test-result/v0.1",
        subject: [
          {
            name: "v1.2.3+1",
            uri: "git+https://github.com/spacemeshos/go-spacemesh@refs/tags/v1.2.3+1",
            digest: { gitCommit: "d20ace7968ba43c0219f62d71334c1095bab1602" },
          },
          { name: "spacemeshos/go-spacemesh:v1.2.3-b1", digest: { sha256: "1".repeat(64) } },
          { name: "simmer-log-head", digest: { sha256: "2".repeat(64) } },
        ],
      },
    );
  });

  it("leaves the image out when its digest is unknown", () => {
    const { image: _, ...input } = SAMPLE_INPUT;
    deepStrictEqual(
      statementOf(input).subject.map(({ name }) => name),
      ["v1.2.3+1", "simmer-log-head"],
    );
  });

  it("names the digests of config, versions and smoke report as the test's configuration", () => {
    deepStrictEqual(
      statementOf(SAMPLE_INPUT).predicate.configuration.map(({ name, digest }) => [name, digest.sha256[0]]),
      [
        ["config", "3"],
        ["versions", "4"],
        ["smoke", "5"],
      ],
    );
  });

  const uris: [repository: string, uri: string][] = [
    ["git@github.com:spacemeshos/go-spacemesh.git", "git+ssh://git@github.com/spacemeshos/go-spacemesh.git"],
    ["ssh://git@host/repo", "git+ssh://git@host/repo"],
    ["file:///srv/repo.git", "git+file:///srv/repo.git"],
    ["/srv/repo.git", "git+file:///srv/repo.git"],
  ];
  for (const [repository, uri] of uris) {
    it(`writes the repository ${repository} as a URI`, () => {
      const [commit] = statementOf({ ...SAMPLE_INPUT, repository }).subject;
      strictEqual(commit && "uri" in commit && commit.uri, `${uri}@refs/tags/v1.2.3+1`);
    });
  }

  const results: [what: string, input: CertificateInput, result: string, named: readonly string[]][] = [
    ["a simmer without trouble", observed({}), "PASSED", []],
    ["slow time, which counts", observed({ healthy: 0, slow: SAMPLE_INPUT.needed }), "WARNED", ["never-slow"]],
    ["a stall that ended", observed({ stalled: 1 }), "WARNED", ["never-stalled"]],
    ["a split that ended", observed({ split: 1 }), "WARNED", ["never-split"]],
    ["blind time", observed({ blind: 1 }), "WARNED", ["never-blind"]],
    ["a missing visit", { ...observed({}), visits: 6 }, "WARNED", ["visited-daily"]],
    ["a second too few", observed({ healthy: SAMPLE_INPUT.needed - 1 }), "FAILED", ["simmered-long-enough"]],
  ];
  for (const [what, input, result, named] of results) {
    it(`gives the result ${result} for ${what}`, () => {
      const { predicate } = statementOf(input);
      strictEqual(predicate.result, result);
      deepStrictEqual(result === "FAILED" ? predicate.failedTests : predicate.warnedTests, named);
      strictEqual(predicate.passedTests.length + predicate.warnedTests.length + predicate.failedTests.length, 6);
    });
  }
});

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((at) => at.toISOString());
const seconds = fc.nat(10 ** 9);
const complete: fc.Arbitrary<CertificateInput> = fc
  .record(
    {
      tag: fc.constantFrom("v0.0.1+1", "v1.2.3+45"),
      release: fc.constant("v1.2.3"),
      repository: fc.constantFrom("git@host:a/b", "/srv/repo", "https://host/a"),
      commit: fc.oneof(hex(40), hex(64)),
      image: fc.record({ name: fc.string({ minLength: 1 }), sha256: hex(64) }),
      genesisId: hex(40),
      effectiveGenesis: fc.nat(),
      chain: fc.record({ prefix: fc.string({ minLength: 1 }), count: fc.integer({ min: 1 }), head: hex(64) }),
      observed: fc.record({ healthy: seconds, slow: seconds, stalled: seconds, split: seconds, blind: seconds }),
      needed: seconds,
      thresholds: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.nat()),
      from: time,
      to: time,
      visits: fc.nat(),
      digests: fc.record({ config: hex(64), versions: hex(64), smoke: hex(64) }),
      page: fc.webUrl(),
    },
    {
      requiredKeys: [
        ...(["tag", "repository", "commit", "genesisId", "effectiveGenesis", "chain", "observed", "needed"] as const),
        ...(["thresholds", "from", "to", "visits", "digests"] as const),
      ],
    },
  )
  .filter(({ observed, needed }) => observed.healthy + observed.slow >= needed);

describe("readStatement", () => {
  it("reads back exactly what a statement was made from", () => {
    fc.assert(
      fc.property(complete, (input) => {
        const { result, warnings, ...read } = readStatement(renderStatement(input));
        deepStrictEqual(plain(read), plain(input));
        ok(result === "PASSED" ? warnings.length === 0 : warnings.length > 0);
      }),
    );
  });

  it("gets the same bytes from the same input, in whatever order its keys are", () => {
    const { thresholds, observed } = SAMPLE_INPUT;
    const reversed = <T extends object>(object: T) => Object.fromEntries(Object.entries(object).reverse()) as T;
    const other = reversed({ ...SAMPLE_INPUT, thresholds: reversed(thresholds), observed: reversed(observed) });
    strictEqual(renderStatement(other), renderStatement(SAMPLE_INPUT));
  });

  it("ignores keys that it does not know", () => {
    const { predicate, ...statement } = statementOf(SAMPLE_INPUT);
    const newer = { ...statement, predicate: { ...predicate, later: 1 }, other: [] };
    strictEqual(readStatement(JSON.stringify(newer)).commit, SAMPLE_INPUT.commit);
  });

  it("refuses a simmer that was too short", () => {
    const input = observed({ healthy: 5, blind: 10 ** 9 });
    refuses(() => readStatement(renderStatement(input)), "SimmerIncomplete", {
      names: ["v1.2.3+1", "5 s", "604800 s"],
    });
  });

  it("refuses a result that failed although the time is full", () => {
    const text = renderStatement(SAMPLE_INPUT).replace('"result":"WARNED"', '"result":"FAILED"');
    refuses(() => readStatement(text), "SimmerIncomplete");
  });

  const broken: [what: string, change: (text: string) => string, names: readonly string[]][] = [
    ["a text that is not JSON", (text) => text.slice(1), ["not JSON"]],
    ["a list", () => "[]", ["expected an object"]],
    ["another type of statement", (text) => text.replace("Statement/v1", "Statement/v0.1"), ["_type", "v0.1"]],
    ["another predicate", (text) => text.replace("test-result/v0.1", "scai/v0.3"), ["predicateType", "scai"]],
    [
      "no extension of ours",
      (text) => text.replace("spacemeshSimmer", "other"),
      ["spacemeshSimmer of the certificate is missing"],
    ],
    ["a commit that is none", (text) => text.replace("d20ace", "D20ACE"), ["subject.0.digest.gitCommit"]],
    ["no commit", (text) => text.replace("gitCommit", "gitTree"), ["no commit"]],
    ["no digest of the smoke report", (text) => text.replace('"name":"smoke"', '"name":"fire"'), ["smoke"]],
    ["another log head", (text) => text.replace("simmer-log-head", "else"), ["simmer-log-head"]],
    [
      "time below zero",
      (text) => text.replace('"blind":3600', '"blind":-1'),
      ["observed.blind of the certificate is -1"],
    ],
    ["a commit of another tag", (text) => text.replace('"name":"v1.2.3+1"', '"name":"v1.2.3+2"'), ["v1.2.3+2"]],
    ["another tag than the commit's", (text) => text.replace('"tag":"v1.2.3+1"', '"tag":"v1.2.3+2"'), ["v1.2.3+2"]],
  ];
  for (const [what, change, names] of broken) {
    it(`refuses ${what}`, () => {
      refuses(() => readStatement(change(renderStatement(SAMPLE_INPUT))), "CertificateInvalid", { names });
    });
  }

  it("refuses several commits, of which everybody would read the one that suits", () => {
    const statement = statementOf(SAMPLE_INPUT);
    const [commit] = statement.subject;
    const two = { ...statement, subject: [...statement.subject, { ...commit, digest: { gitCommit: "0".repeat(40) } }] };
    refuses(() => readStatement(JSON.stringify(two)), "CertificateInvalid", { names: ["several commits"] });
  });
});

/** Values alone: fast-check makes objects without a prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

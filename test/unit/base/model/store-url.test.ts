import { deepStrictEqual, strictEqual } from "node:assert";
import { parseStoreUrl } from "../../../../infra/base/model/store-url";

describe("the URL of a store", () => {
  it("is that of a folder", () => {
    deepStrictEqual(parseStoreUrl("file:///srv/a%20b"), { kind: "folder", folder: "/srv/a b" });
  });

  it("is that of a bucket of S3, with where it is", () => {
    deepStrictEqual(parseStoreUrl("s3://spacemesh-logs"), { kind: "s3", bucket: "spacemesh-logs", prefix: "" });
    deepStrictEqual(parseStoreUrl("s3://logs/nets/dev/?region=eu-west-1&endpoint=http://127.0.0.1:9000"), {
      kind: "s3",
      bucket: "logs",
      prefix: "nets/dev/",
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:9000",
    });
    const encoded = parseStoreUrl(`s3://logs?endpoint=${encodeURIComponent("https://r2.example.org/")}`);
    deepStrictEqual(encoded, { kind: "s3", bucket: "logs", prefix: "", endpoint: "https://r2.example.org/" });
  });

  it("is that of a bucket of Google Cloud Storage", () => {
    deepStrictEqual(parseStoreUrl("gs://my_logs/nets"), { kind: "gcs", bucket: "my_logs", prefix: "nets/" });
  });

  for (const url of [
    "s3://key:secret@logs",
    "s3://key@logs",
    "s3://logs?secret=a",
    "gs://key@logs",
    "gs://logs?key=a",
  ]) {
    it(`is none with credentials in it: ${url}`, () => strictEqual(parseStoreUrl(url), undefined));
  }
});

import { deepStrictEqual, strictEqual } from "node:assert";
import { parseStoreUrl } from "../../../../infra/base/model/store-url";

describe("parseStoreUrl", () => {
  it("reads the URL of a folder", () => {
    deepStrictEqual(parseStoreUrl("file:///srv/a%20b"), { kind: "folder", folder: "/srv/a b" });
  });

  it("reads the URL of an S3 bucket with its region and endpoint", () => {
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

  it("reads the URL of a Google Cloud Storage bucket", () => {
    deepStrictEqual(parseStoreUrl("gs://my_logs/nets"), { kind: "gcs", bucket: "my_logs", prefix: "nets/" });
  });

  for (const url of [
    "s3://key:secret@logs",
    "s3://key@logs",
    "s3://logs?secret=a",
    "gs://key@logs",
    "gs://logs?key=a",
  ]) {
    it(`refuses a URL with credentials: ${url}`, () => strictEqual(parseStoreUrl(url), undefined));
  }
});

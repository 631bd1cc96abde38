import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1Pod } from "@kubernetes/client-node";
import { digestIn, runningImages } from "../../../../../infra/base/clients/kubernetes/running-images";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(64)) as [string, string];
const NAME = "docker.io/spacemeshos/go-spacemesh";
const id = (digest: string) => `${NAME}@sha256:${digest}`;
const OURS = { "app.kubernetes.io/part-of": "smeshnet" };

describe("digestIn", () => {
  it("reads the id of each container runtime", () => {
    deepStrictEqual(digestIn(id(A)), { name: NAME, sha256: A });
    const docker = { name: "spacemeshos/go-spacemesh", sha256: A };
    deepStrictEqual(digestIn(`docker-pullable://spacemeshos/go-spacemesh@sha256:${A}`), docker);
    deepStrictEqual(digestIn(`host:5000/x@sha256:${A}`), { name: "host:5000/x", sha256: A });
  });

  it("finds none in the id of an image that no registry holds", () => {
    for (const text of ["", `sha256:${A}`, `docker://sha256:${A}`, `${NAME}:v1.2.3-b1`, `${NAME}@sha256:abc`])
      strictEqual(digestIn(text), undefined, text);
  });
});

describe("runningImages", () => {
  const pod = (labels: Record<string, string>, images: Readonly<Record<string, string>>): V1Pod => ({
    metadata: { labels },
    spec: { containers: Object.keys(images).map((image) => ({ name: `of-${image}`, image })) },
    status: {
      containerStatuses: Object.entries(images).map(([image, imageID]) => ({
        name: `of-${image}`,
        image: "sha256:of-the-config",
        imageID,
        ready: true,
        restartCount: 0,
      })),
    },
  });

  it("names each image as its pod does, with what was pulled for it, once and in order", () => {
    const pods = [
      pod({ name: "miner-2", app: "miner" }, { "node:v1": id(A), "stats:v2": id(B) }),
      pod({ name: "miner-1", app: "miner" }, { "node:v1": id(A) }),
      pod(OURS, { "caddy:2": id(B) }),
      pod({ name: "poet-1" }, { "poet:v1": id(B) }),
    ];
    deepStrictEqual(runningImages(pods), [
      { image: "caddy:2", sha256: B },
      { image: "node:v1", sha256: A },
      { image: "poet:v1", sha256: B },
      { image: "stats:v2", sha256: B },
    ]);
  });

  it("tells both digests of a tag that moved between two pulls", () =>
    deepStrictEqual(runningImages([pod(OURS, { "x:1": id(B) }), pod(OURS, { "x:1": id(A) })]), [
      { image: "x:1", sha256: A },
      { image: "x:1", sha256: B },
    ]));

  it("leaves out pods of others, and images whose digest nobody knows", () => {
    const others = [pod({}, { "a:1": id(A) }), pod({ name: "miner-x" }, { "b:1": id(A) })];
    deepStrictEqual(runningImages([...others, pod(OURS, { "c:1": "", "d:1": `sha256:${A}` })]), []);
  });
});

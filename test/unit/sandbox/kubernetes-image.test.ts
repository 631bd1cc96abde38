import { match, notStrictEqual, strictEqual } from "node:assert";
import { imageIdOf, repositoryOf } from "../../../sandbox/kubernetes/image";

describe("imageIdOf", () => {
  it("is the digest of the image's full name, as containerd reports it", () => {
    match(
      imageIdOf("spacemeshos/go-spacemesh:v1.2.3-b1"),
      /^docker\.io\/spacemeshos\/go-spacemesh@sha256:[0-9a-f]{64}$/,
    );
    match(imageIdOf("caddy:2"), /^docker\.io\/library\/caddy@sha256:/);
    match(imageIdOf("localhost:5000/x/y:1"), /^localhost:5000\/x\/y@sha256:/);
  });

  it("is the same for one image, and another for another tag", () => {
    strictEqual(imageIdOf("a/b:1"), imageIdOf("a/b:1"));
    notStrictEqual(imageIdOf("a/b:1"), imageIdOf("a/b:2"));
  });

  it("keeps the digest that a name holds", () => {
    const digest = `sha256:${"5".repeat(64)}`;
    strictEqual(imageIdOf(`ghcr.io/a/b:1@${digest}`), `ghcr.io/a/b@${digest}`);
  });
});

describe("repositoryOf", () => {
  it("is the name without registry, tag and digest", () => {
    for (const image of ["spacemeshos/poet", "docker.io/spacemeshos/poet:v0.10.10", "spacemeshos/poet@sha256:5"])
      strictEqual(repositoryOf(image), "spacemeshos/poet");
    strictEqual(repositoryOf("docker.io/library/caddy:2"), "caddy");
  });
});

import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import type { V1PodSpec } from "@kubernetes/client-node";
import { KUBECONFIG, VersionStack } from "../../support/version-stack";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

interface Inputs {
  readonly spec: { readonly strategy?: { type: string }; readonly template: { readonly spec: V1PodSpec } };
}

describe("database of the era's explorer", () => {
  let stack: VersionStack;
  before(async () => {
    stack = await VersionStack.make();
  });

  const deployment = (name: string, of = stack) => of.named(DEPLOYMENT, name).inputs as unknown as Inputs;
  const variables = (name: string) => deployment(name).spec.template.spec.containers[0]?.env ?? [];
  const password = { secretKeyRef: { name: "explorer-mongo", key: "password" } };

  it("starts after the step that makes its password, and no input of the engine holds one", () => {
    const step = stack.named("command:local:Command", "explorer-password");
    match(String(step.inputs.create), / step explorer password v1\.2\.3\+1$/);
    deepStrictEqual(step.shown.environment, {
      ...{ KUBECONFIG_TEXT: "[secret]", NAMESPACE: "default", SMESHNET_STEP: "true" },
    });
    strictEqual((step.inputs.environment as { KUBECONFIG_TEXT: string }).KUBECONFIG_TEXT, KUBECONFIG);
    ok(stack.component("explorer-mongo").dependencies.includes(step.urn));
    strictEqual(stack.ofType("kubernetes:core/v1:Secret").length, 0);
  });

  it("gets user and password from the cluster's Secret", () => {
    deepStrictEqual(variables("explorer-mongo"), [
      { name: "MONGO_INITDB_ROOT_PASSWORD", valueFrom: password },
      { name: "MONGO_INITDB_ROOT_USERNAME", value: "explorer" },
    ]);
  });

  for (const name of ["explorer-collector", "explorer-api", "dash-api"])
    it(`is called by ${name} with the password, which stands before the address that uses it`, () => {
      const names = variables(name).map((variable) => variable.name);
      deepStrictEqual(variables(name)[0], { name: "MONGO_PASSWORD", valueFrom: password });
      ok(names.indexOf("SPACEMESH_MONGO_URI") > 0);
      strictEqual(
        variables(name).find((variable) => variable.name === "SPACEMESH_MONGO_URI")?.value,
        "mongodb://explorer:$(MONGO_PASSWORD)@$(EXPLORER_MONGO_SERVICE_HOST):$(EXPLORER_MONGO_SERVICE_PORT)",
      );
    });

  it("keeps its data on a disk that one pod at a time mounts", () => {
    const { strategy, template } = deployment("explorer-mongo").spec;
    deepStrictEqual(strategy, { type: "Recreate" });
    const { volumes, containers } = template.spec;
    const claim = volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.name;
    const mount = containers[0]?.volumeMounts?.find((one) => one.name === claim);
    strictEqual(mount?.mountPath, "/data/db");
    deepStrictEqual(stack.named(CLAIM, "explorer-mongo").inputs.spec, {
      ...{ accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
    });
  });

  it("replaces the Deployment of a network from before, since the API server refuses another strategy", () => {
    const { replaceOnChanges, deleteBeforeReplace } = stack.named(DEPLOYMENT, "explorer-mongo");
    deepStrictEqual([replaceOnChanges, deleteBeforeReplace], [["spec.strategy"], true]);
  });

  it("has a disk of the class that a setting names, or none", async () => {
    const fast = await VersionStack.make({ storageClass: "fast" });
    strictEqual(
      (fast.named(CLAIM, "explorer-mongo").inputs.spec as { storageClassName?: string }).storageClassName,
      "fast",
    );
    const none = await VersionStack.make({ storageClass: "none" });
    ok(!none.ofType(CLAIM).some(({ name }) => name === "explorer-mongo"));
    const disk = deployment("explorer-mongo", none).spec.template.spec.volumes?.find(({ name }) => name === "disk");
    deepStrictEqual(disk, { name: "disk", emptyDir: { sizeLimit: "10Gi" } });
  });
});

import { deepStrictEqual, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { RIGHTS, RIGHTS_OF_NONE, type Right } from "../../../infra/base/model/kubernetes-rights";
import { CHECKOUT } from "../../support/checkout";

const Rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  rules: z.array(Rule).optional(),
  roleRef: z.object({ kind: z.string(), name: z.string() }).optional(),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string() })).optional(),
});

const manifestsIn = (file: string) =>
  parseAllDocuments(readFileSync(join(CHECKOUT, "packaging/kubernetes", file), "utf8")).map((one) =>
    Manifest.parse(one.toJS()),
  );
const manifests = [...manifestsIn("rights.yaml"), ...manifestsIn("rights-none.yaml")];
const named = (name: string, kind = "ClusterRole") =>
  manifests.filter((one) => one.kind === kind && one.metadata.name === name);

/** `apps deployments get`, each once. */
const rightsOf = (role: string): string[] =>
  sorted(
    named(role).flatMap(({ rules = [] }) =>
      rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) => resources.flatMap((kind) => verbs.map((verb) => `${group} ${kind} ${verb}`))),
      ),
    ),
  );
const sorted = (all: readonly string[]): string[] => [...new Set(all)].sort();
const rulesOf = (rights: readonly Right[]): string[] =>
  sorted(rights.map(({ group, resource, verb }) => `${group} ${resource} ${verb}`));
const wanted = (isWished: boolean): string[] =>
  rulesOf(RIGHTS.filter(({ without }) => (without !== undefined) === isWished));

describe("packaging/kubernetes/rights.yaml", () => {
  it("gives the rights without which there is no network, and no others", () =>
    deepStrictEqual(rightsOf("smeshnet"), wanted(false)));

  it("gives the rights that are only wished apart from them", () =>
    deepStrictEqual(rightsOf("smeshnet-look"), wanted(true)));

  it("gives none of those that only the exposure none needs; rights-none.yaml gives them", () => {
    deepStrictEqual(rightsOf("smeshnet-none"), rulesOf(RIGHTS_OF_NONE));
    strictEqual(
      manifestsIn("rights.yaml").some(({ metadata }) => metadata.name === "smeshnet-none"),
      false,
    );
  });

  it("binds all to the one account", () => {
    const account = { kind: "ServiceAccount", name: "smeshnet", namespace: "smeshnet" };
    for (const role of ["smeshnet", "smeshnet-look", "smeshnet-none"]) {
      const [binding] = named(role, "ClusterRoleBinding");
      deepStrictEqual([binding?.roleRef, binding?.subjects], [{ kind: "ClusterRole", name: role }, [account]]);
    }
    deepStrictEqual(named("smeshnet", "ServiceAccount").length, 1);
  });
});

import type * as pulumi from "@pulumi/pulumi";

/** What other stacks and verbs may read of the edge. */
export interface EdgeOutputs {
  /** Version of these outputs. */
  readonly schema: 1;
  /** Id of the KV namespace with one key a network. */
  readonly namespaceId: pulumi.Output<string>;
  /** Base of the public list and pages; ends in a slash. */
  readonly url: string;
}

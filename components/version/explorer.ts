import * as pulumi from "@pulumi/pulumi";
import { buildTag } from "../../infra/base/model/build-tag";
import type { Versions } from "../../infra/base/model/versions";
import {
  MONGO_DATA,
  MONGO_FOLDERS,
  MONGO_HEALTH,
  MONGO_IMAGE,
  MONGO_PASSWORD,
  MONGO_PORT,
  MONGO_START,
  MONGO_USER,
} from "../../infra/deploy/explorer/database";
import { step } from "../step";
import { SIZES } from "./confined";
import { NODE_SERVICE } from "./node-service";
import { type InNetworkArgs, WebService } from "./web-service";

/** Disk of the database, which holds all layers, accounts and rewards of a network's life. */
const DISK = "10Gi";

const MONGO_SERVICE = "$(EXPLORER_MONGO_SERVICE_HOST):$(EXPLORER_MONGO_SERVICE_PORT)";

/** How programs find the explorer's database, by the Service that the explorer creates; the dashboard reads it too. */
export const EXPLORER_DATABASE = {
  secrets: { MONGO_PASSWORD },
  environment: {
    SPACEMESH_MONGO_URI: `mongodb://${MONGO_USER}:$(MONGO_PASSWORD)@${MONGO_SERVICE}`,
    SPACEMESH_MONGO_DB: "explorer",
  },
};

export interface ExplorerArgs extends InNetworkArgs {
  readonly versions: Versions;
  /** Class of the database's disk; `default` for the cluster's own, `none` for data that end with their pod. */
  readonly storageClass: string;
}

/** The explorer: a database, a collector that fills it from a node, the API over it, and the frontend. */
export class Explorer extends pulumi.ComponentResource {
  constructor(name: string, args: ExplorerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Explorer", name, {}, opts);
    const { network, tag, versions, storageClass, readyTimeout } = args;
    const common = { network, tag, readyTimeout };
    const version = versions.explorerBackend.version;
    const after = (...resources: pulumi.Resource[]) => ({ parent: this, dependsOn: resources });

    const password = step(
      `${name}-password`,
      {
        create: ["explorer", "password", buildTag(tag)],
        environment: { KUBECONFIG_TEXT: network.kubeconfig, NAMESPACE: network.namespace },
        timeout: 60,
      },
      { parent: this, deletedWith: network.resource },
    );
    const mongo = new WebService(
      `${name}-mongo`,
      {
        ...common,
        image: MONGO_IMAGE,
        command: ["bash", "-c", MONGO_START],
        secrets: { MONGO_INITDB_ROOT_PASSWORD: MONGO_PASSWORD },
        environment: { MONGO_INITDB_ROOT_USERNAME: MONGO_USER },
        port: MONGO_PORT,
        ...MONGO_HEALTH,
        size: SIZES.database,
        folders: MONGO_FOLDERS,
        disk: { mountPath: MONGO_DATA, size: DISK, storageClass },
      },
      after(password),
    );
    const collector = new WebService(
      `${name}-collector`,
      {
        ...common,
        image: `spacemeshos/explorer-collector:${version}`,
        size: SIZES.server,
        secrets: EXPLORER_DATABASE.secrets,
        environment: { SPACEMESH_NODE: NODE_SERVICE, ...EXPLORER_DATABASE.environment },
      },
      after(mongo),
    );
    new WebService(
      `${name}-api`,
      {
        ...common,
        image: `spacemeshos/explorer-apiserver:${version}`,
        size: SIZES.server,
        ...EXPLORER_DATABASE,
        port: 5000,
        health: "/healthz",
      },
      after(mongo, collector),
    );
    const frontend = versions.explorerFrontend.image ?? "";
    new WebService(
      `${name}-frontend`,
      { ...common, image: frontend, port: 8080, health: "/", size: SIZES.files },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

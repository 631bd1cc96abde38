import * as pulumi from "@pulumi/pulumi";
import type { Versions } from "../../infra/base/model/versions";
import { SIZES } from "./confined";
import { NODE_SERVICE } from "./node-service";
import { type InNetworkArgs, WebService } from "./web-service";

/** MongoDB as explorer-backend v0.0.21 is released with it (its docker-compose.yml). */
const MONGO_IMAGE = "mongo:4.4";
/** The volumes of that image (docker-library/mongo, 4.4/Dockerfile). The collector fills a new database again. */
const MONGO_FOLDERS = { "/data/db": "10Gi", "/data/configdb": "64Mi" };

/** The explorer's database, by the Service that the explorer creates; the dashboard reads it too. */
export const EXPLORER_DATABASE = {
  SPACEMESH_MONGO_URI: "mongodb://$(EXPLORER_MONGO_SERVICE_HOST):$(EXPLORER_MONGO_SERVICE_PORT)",
  SPACEMESH_MONGO_DB: "explorer",
};

export interface ExplorerArgs extends InNetworkArgs {
  readonly versions: Versions;
}

/** The explorer: a database, a collector that fills it from a node, the API over it, and the frontend. */
export class Explorer extends pulumi.ComponentResource {
  constructor(name: string, args: ExplorerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Explorer", name, {}, opts);
    const { network, tag, versions, readyTimeout } = args;
    const common = { network, tag, readyTimeout };
    const version = versions.explorerBackend.version;
    const after = (...resources: pulumi.Resource[]) => ({ parent: this, dependsOn: resources });

    const mongo = new WebService(
      `${name}-mongo`,
      { ...common, image: MONGO_IMAGE, port: 27017, size: SIZES.database, folders: MONGO_FOLDERS },
      { parent: this },
    );
    const collector = new WebService(
      `${name}-collector`,
      {
        ...common,
        image: `spacemeshos/explorer-collector:${version}`,
        size: SIZES.server,
        environment: { SPACEMESH_NODE: NODE_SERVICE, ...EXPLORER_DATABASE },
      },
      after(mongo),
    );
    new WebService(
      `${name}-api`,
      {
        ...common,
        image: `spacemeshos/explorer-apiserver:${version}`,
        size: SIZES.server,
        environment: EXPLORER_DATABASE,
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

import * as pulumi from "@pulumi/pulumi";
import type { Versions } from "../../infra/base/model/versions";
import { SIZES } from "./confined";
import { EXPLORER_DATABASE } from "./explorer";
import { type InNetworkArgs, WebService } from "./web-service";

export interface DashboardArgs extends InNetworkArgs {
  readonly versions: Versions;
}

/** The dashboard: a backend that reads the explorer's database, and the frontend. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("smeshnet:components:Dashboard", name, {}, opts);
    const { network, tag, versions, readyTimeout } = args;
    const common = { network, tag, readyTimeout, port: 8080 };
    const version = versions.dashboard.version;
    new WebService(
      `${name}-api`,
      { ...common, image: `spacemeshos/dash-backend:${version}`, ...EXPLORER_DATABASE, size: SIZES.server },
      { parent: this },
    );
    new WebService(
      `${name}-frontend`,
      { ...common, image: `spacemeshos/dash-frontend:${version}`, health: "/", size: SIZES.files },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../infra/base/model/settings";
import { type AroundTodayArgs, DashboardToday, ExplorerToday } from "./around-today";
import { Dashboard } from "./dashboard";
import { Explorer, type ExplorerArgs } from "./explorer";

/** What explorer and dashboard are made from, and the driver, which tells of which era they are. */
export interface AroundArgs extends AroundTodayArgs, ExplorerArgs {
  readonly driver: Settings["driver"];
}

/** The explorer of the network's era. */
export const explorerOf = (name: string, { driver, ...args }: AroundArgs, opts: pulumi.ComponentResourceOptions) =>
  driver === "kubernetes" ? new ExplorerToday(name, args, opts) : new Explorer(name, args, opts);

/** The dashboard of the network's era. */
export const dashboardOf = (name: string, { driver, ...args }: AroundArgs, opts: pulumi.ComponentResourceOptions) =>
  driver === "kubernetes" ? new DashboardToday(name, args, opts) : new Dashboard(name, args, opts);

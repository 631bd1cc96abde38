/**
 * Stand-in for the resource plugin `command` 1.2.1 where the official one cannot be downloaded: `command:local:Command`
 * and `command:local:run`, for the unchanged SDK `@pulumi/command`. Bundled into one file by set-up and started by the
 * engine.
 */

import { commandProvider } from "./command/command-provider";
import { servePlugin } from "./plugin";

void servePlugin(commandProvider);

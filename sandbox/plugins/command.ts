/**
 * Stand-in for the resource plugin `command` 1.2.1, for machines that cannot download the official one. Supports
 * `command:local:Command` and `command:local:run`, with the unchanged SDK `@pulumi/command`. Set-up bundles it into one
 * file, and the engine starts it.
 */

import { commandProvider } from "./command/command-provider";
import { servePlugin } from "./plugin";

void servePlugin(commandProvider);

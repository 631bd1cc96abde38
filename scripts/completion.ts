import { argument, defineCommand, type Reader } from "../infra/base/cli/command";
import { printText } from "../infra/base/cli/process";
import { shown, UserError } from "../infra/base/lib/errors";
import { SCRIPTS } from "./completion-scripts";

type Shell = keyof typeof SCRIPTS;

const shell: Reader<Shell> = (text, name) => {
  if (Object.hasOwn(SCRIPTS, text)) return text as Shell;
  throw new UserError(
    "ShellUnknown",
    `${name} is ${shown(text)}, expected ${Object.keys(SCRIPTS).join(", ")}.`,
    "Name the shell that you use.",
    2,
  );
};

export const command = defineCommand({
  about: [
    "Prints a script that completes commands, flags, build tags and channels when you press Tab. It works for `smeshnet` " +
      "on the PATH, as in the shell of `npm run sandbox -- env`.",
  ],
  arguments: {
    shell: argument("SHELL", shell, "Shell: bash, zsh or fish.", { completes: Object.keys(SCRIPTS) }),
  },
  flags: {},
  environment: [],
  examples: [
    ['eval "$(smeshnet completion bash)"', "Complete in this bash; put the line into ~/.bashrc to keep it."],
    ["smeshnet completion fish > ~/.config/fish/completions/smeshnet.fish", "Complete in every fish."],
  ],
  async run({ shell }) {
    printText(SCRIPTS[shell].trim());
  },
});

import { shellWord } from "../../stacks/shared/shell-word";
import type { SshConfig } from "../../stacks/shared/schema/ssh";

/** The command that runs a script as root, with nothing written to the node; a sudo that asks fails at once. */
export const asRoot = (script: string, { sudo }: Pick<SshConfig, "sudo">): string =>
  `${sudo ? "sudo -n " : ""}sh -c ${shellWord(script)}`;

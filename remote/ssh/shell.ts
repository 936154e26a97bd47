import type { SshConfig } from "../../stacks/shared/schema/ssh";

/** One word of a POSIX shell, whatever it holds. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command that runs a script as root, with nothing written to the node; a sudo that asks fails at once. */
export const asRoot = (script: string, { sudo }: Pick<SshConfig, "sudo">): string =>
  `${sudo ? "sudo -n " : ""}sh -c ${quoted(script)}`;

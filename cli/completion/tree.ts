import type { Command, Option } from "commander";

/** What may follow an option. */
export type OptionValue = "none" | "file" | "folder" | "any" | readonly string[];

export interface CompletedOption {
  /** "--config", "-c" */
  readonly flags: readonly string[];
  readonly value: OptionValue;
  readonly description: string;
}

/** A command, and what may follow it. */
export interface CompletedCommand {
  /** The words that lead to it: "", "status", "state move". */
  readonly place: string;
  /** Subcommands, or the words that its argument may be. */
  readonly words: readonly { readonly word: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
}

/** Every command that a program has, itself first, as its parser knows them. */
export function commandTree(program: Command): CompletedCommand[] {
  const below = (command: Command, place: string): CompletedCommand[] => [
    { place, words: wordsOf(command), options: optionsOf(command) },
    ...command.commands.flatMap((one) => below(one, place === "" ? one.name() : `${place} ${one.name()}`)),
  ];
  return below(program, "");
}

const wordsOf = (command: Command) => [
  ...command.commands.map((one) => ({ word: one.name(), description: inShort(one.description()) })),
  ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
    argChoices.map((word) => ({ word, description: "" })),
  ),
];

const optionsOf = (command: Command): CompletedOption[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      flags: [option.long, option.short].filter((flag) => flag !== undefined),
      value: valueOf(option),
      description: option.description,
    }));

/** By its choices, or by how its flags name it: "<file>", "<file or URL>", "<directory>". */
function valueOf({ argChoices, flags, required, optional }: Option): OptionValue {
  if (argChoices !== undefined) return argChoices;
  if (!required && !optional) return "none";
  if (/[<[]file\b/.test(flags)) return "file";
  return /[<[]directory\b/.test(flags) ? "folder" : "any";
}

/** The first part of the first sentence. */
const inShort = (description: string): string => description.split(/[.:;](?:\s|$)/)[0] ?? "";

/** Where a value is to follow, by what it is: "state move:--config", as the scripts look it up. */
export const valuePlaces = (tree: readonly CompletedCommand[], is: (value: OptionValue) => boolean): string[] =>
  tree.flatMap(({ place, options }) =>
    options.filter(({ value }) => is(value)).flatMap(({ flags }) => flags.map((flag) => `${place}:${flag}`)),
  );

/** The options that take one of some words, each with these. */
export const choicesOf = (tree: readonly CompletedCommand[]): { place: string; words: readonly string[] }[] =>
  tree.flatMap(({ place, options }) =>
    options.flatMap(({ flags, value }) =>
      typeof value === "string" ? [] : flags.map((flag) => ({ place: `${place}:${flag}`, words: value })),
    ),
  );

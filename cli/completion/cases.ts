import { type CompletedCommand, valuePlaces } from "./tree";

// What bash and zsh have in common: their `case`.

export const quoted = (text: string) => `"${text}"`;

/** What a case is of: no word is empty. */
export const pattern = (texts: readonly string[]) => (texts.length === 0 ? '""' : texts.map(quoted).join(" | "));

/** Takes one word of the line, which is in $word: an option's value is next, or a command's place goes on with it. */
export const takeWord = (tree: readonly CompletedCommand[]): string =>
  `case "$place:$word" in
        ${pattern(valuePlaces(tree, (value) => value !== "none"))}) value=$word ;;
      esac
      case "$place\${place:+ }$word" in
        ${pattern(tree.slice(1).map(({ place }) => place))}) place="$place\${place:+ }$word" ;;
      esac`;

import { pattern, quoted, takeWord } from "./cases";
import { choicesOf, type CompletedCommand, valuePlaces } from "./tree";

/** As a file _baremetal-lb of a folder of $fpath, or read by a shell whose compinit has run. */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  return `#compdef baremetal-lb
# zsh completion of baremetal-lb, also behind npx. In ~/.zshrc behind compinit, in the project's folder:
#   source <(npx baremetal-lb completion zsh)

_baremetal_lb() {
  local current=\${words[CURRENT]} previous=\${words[CURRENT - 1]} place='' word value=''
  local -a what flags
  integer i first=0
  for ((i = 1; i < CURRENT; i++)); do
    word=\${words[i]}
    if ((first == 0)); then
      [[ \${word:t} != baremetal-lb ]] || first=$i
    elif [[ -n $value ]]; then
      value=''
    else
      ${takeWord(tree)}
    fi
  done
  if ((first == 0)); then
    _files
    return
  fi
  case "$place:$previous" in
    ${pattern(valuePlaces(tree, (value) => value === "file"))})
      _files
      return
      ;;
    ${pattern(valuePlaces(tree, (value) => value === "folder"))})
      _files -/
      return
      ;;
${choicesOf(tree)
  .map(
    ({ place, words }) => `    ${quoted(place)})
      compadd -- ${words.join(" ")}
      return
      ;;
`,
  )
  .join("")}    ${pattern(valuePlaces(tree, (value) => value === "any"))}) return 1 ;;
  esac
  case "$place" in
${tree.map(commandCase).join("")}  esac
  if [[ $current == -* ]] || ((\${#what} == 0)); then
    _describe -o option flags
  else
    _describe command what
  fi
}

# Read by a shell, or begun by its completion as a file of $fpath.
if [[ \${funcstack[1]} == _baremetal-lb ]]; then
  _baremetal_lb "$@"
else
  compdef _baremetal_lb baremetal-lb
  # npx is completed by others, too.
  ((\${+_comps[npx]})) || compdef _baremetal_lb npx
fi
`;
}

const commandCase = ({ place, words, options }: CompletedCommand): string => `    ${quoted(place)})
      what=(${words.map(({ word, description }) => described(word, description)).join(" ")})
      flags=(${options.flatMap(({ flags, description }) => flags.map((flag) => described(flag, description))).join(" ")})
      ;;
`;

/** As _describe reads it: what is behind the first colon says what it is. */
const described = (word: string, description: string) =>
  `'${`${word.replaceAll(":", "\\:")}${description === "" ? "" : `:${description}`}`.replaceAll("'", "'\\''")}'`;

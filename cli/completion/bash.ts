import { pattern, quoted, takeWord } from "./cases";
import { choicesOf, type CompletedCommand, valuePlaces } from "./tree";

/** For bash 3.2 and later, which has no mapfile. */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  return `# bash completion of baremetal-lb, also behind npx. In ~/.bashrc, in the project's folder:
#   source <(npx baremetal-lb completion bash)

# Takes the lines that it is given as what may follow.
_baremetal_lb_reply() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done
}

_baremetal_lb() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} place='' word i first=-1 value=''
  COMPREPLY=()
  # --option=value is three words.
  if [ "$current" = = ]; then
    current=''
  elif [ "$previous" = = ]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 0; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((first < 0)); then
      [ "\${word##*/}" != baremetal-lb ] || first=$i
    elif [ "$word" = = ]; then
      continue
    elif [ -n "$value" ]; then
      value=''
    else
      ${takeWord(tree)}
    fi
  done
  ((first >= 0)) || return 0
  case "$place:$previous" in
    ${pattern(valuePlaces(tree, (value) => value === "file"))})
      compopt -o filenames 2>/dev/null
      _baremetal_lb_reply < <(compgen -f -- "$current")
      return
      ;;
    ${pattern(valuePlaces(tree, (value) => value === "folder"))})
      compopt -o filenames 2>/dev/null
      _baremetal_lb_reply < <(compgen -d -- "$current")
      return
      ;;
${choicesOf(tree)
  .map(
    ({ place, words }) => `    ${quoted(place)})
      _baremetal_lb_reply < <(compgen -W ${quoted(words.join(" "))} -- "$current")
      return
      ;;
`,
  )
  .join("")}    ${pattern(valuePlaces(tree, (value) => value === "any"))}) return ;;
  esac
  case "$place" in
${tree.map(commandCase).join("")}  esac
}

complete -F _baremetal_lb baremetal-lb
# npx is completed by others, too.
complete -p npx >/dev/null 2>&1 || complete -o default -F _baremetal_lb npx
`;
}

function commandCase({ place, words, options }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags).join(" ");
  const others = words.map(({ word }) => word).join(" ");
  return `    ${quoted(place)})
      case "$current" in
        -*) _baremetal_lb_reply < <(compgen -W ${quoted(flags)} -- "$current") ;;
        *) _baremetal_lb_reply < <(compgen -W ${quoted(others === "" ? flags : others)} -- "$current") ;;
      esac
      ;;
`;
}

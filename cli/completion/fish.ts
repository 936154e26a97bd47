import { type CompletedCommand, type CompletedOption, valuePlaces } from "./tree";

/** As the file baremetal-lb.fish of ~/.config/fish/completions, or read by a shell. */
export function fishCompletion(tree: readonly CompletedCommand[]): string {
  const places = tree.slice(1).map(({ place }) => place);
  return `# fish completion of baremetal-lb, also behind npx. In ~/.config/fish/config.fish, in the project's folder:
#   npx baremetal-lb completion fish | source

function __baremetal_lb_at --description 'Whether the command that is typed is this one'
    set -l place
    set -l found no
    set -l value no
    for word in (commandline -opc)
        if test $found = no
            string match -qr '(^|/)baremetal-lb$' -- $word; and set found yes
        else if test $value = yes
            set value no
        else
            contains -- "$place:$word" ${list(valuePlaces(tree, (value) => value !== "none"))}
            and set value yes
            set -l next (string trim -- "$place $word")
            contains -- $next ${list(places)}
            and set place $next
        end
    end
    test $found = yes; and test "$place" = "$argv[1]"
end

for command in baremetal-lb npx
${tree.flatMap(commandLines).join("")}end
`;
}

function commandLines({ place, words, options }: CompletedCommand): string[] {
  const here = `    complete -c $command -n '__baremetal_lb_at "${place}"'`;
  return [
    // Without it files are offered, too.
    `${here} -f\n`,
    ...words.map(({ word, description }) => `${here} -a ${quoted(word)} -d ${quoted(description)}\n`),
    ...options.map((option) => `${here}${flagsOf(option)} -d ${quoted(option.description)}\n`),
  ];
}

function flagsOf({ flags, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`));
  return names.join("") + valueOf(value);
}

function valueOf(value: CompletedOption["value"]): string {
  if (typeof value !== "string") return ` -x -a ${quoted(value.join(" "))}`;
  const values = { none: "", file: " -r -F", folder: " -x -a '(__fish_complete_directories)'", any: " -x" };
  return values[value];
}

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const list = (texts: readonly string[]) => texts.map(quoted).join(" ");

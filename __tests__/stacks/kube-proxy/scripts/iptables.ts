/** Bodies of fake commands, over files of a folder on the node that are named by the tables. */

export const iptablesSave = (folder: string): string => `cat "$root/${folder}/$2" 2>/dev/null`;

/** An iptables-restore --noflush: empties the chains that it is told, takes away rules (-D) and chains (-X). */
export const iptablesRestore = (folder: string): string => `cat >"$root/batch"
file=$root/${folder}/$(sed -n 's/^\\*//p' "$root/batch")
awk '
  FNR == NR && /^:/ { emptied[substr($1, 2)] }
  FNR == NR && /^-D / { sub(/^-D/, "-A"); gone[$0] }
  FNR == NR && /^-X / { chains[$2] }
  FNR == NR { next }
  /^:/ && substr($1, 2) in chains { next }
  /^-A/ && ($2 in emptied || $0 in gone) { next }
  { print }' "$root/batch" "$file" >"$root/rest"
mv "$root/rest" "$file"`;

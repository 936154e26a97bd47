/** Bodies of fake commands, over files of a folder on the node, one for each table, which is its name. */

export const iptablesSave = (folder: string): string => `cat "$root/${folder}"/* 2>/dev/null`;

/** An iptables-restore --noflush of several tables: empties the chains that it is told, takes away rules (-D) and chains (-X). */
export const iptablesRestore = (folder: string): string => `cat >"$root/batch"
for table in $(sed -n 's/^\\*//p' "$root/batch"); do
  file=$root/${folder}/$table
  awk -v table="*$table" '
    FNR == NR && /^\\*/ { here = $0 == table }
    FNR == NR && !here { next }
    FNR == NR && /^:/ { emptied[substr($1, 2)] }
    FNR == NR && /^-D / { sub(/^-D/, "-A"); gone[$0] }
    FNR == NR && /^-X / { chains[$2] }
    FNR == NR { next }
    /^:/ && substr($1, 2) in chains { next }
    /^-A/ && ($2 in emptied || $0 in gone) { next }
    { print }' "$root/batch" "$file" >"$root/rest"
  mv "$root/rest" "$file"
done`;

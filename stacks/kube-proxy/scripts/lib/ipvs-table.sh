# has_virtual_server ADDRESS:PORT: whether IPVS has this virtual server for TCP, 10.96.0.1:443 or [fd00::1]:443. Asks the
# kernel's own table, since a node of Flatcar or Fedora CoreOS may have no ipvsadm, and can install none. The table has
# hexadecimal digits: 0A600001:01BB, [fd00:0000:…:0001]:01BB (ip_vs_info_seq_show in net/netfilter/ipvs/ip_vs_ctl.c).
has_virtual_server() {
  awk -v wanted="$1" '
    function in_full(groups, count, i, text) {
      for (i = 1; i <= count; i++) text = text ":" substr("000" groups[i], length(groups[i]))
      return text
    }
    BEGIN {
      port = wanted
      sub(/.*:/, "", port)
      address = substr(wanted, 1, length(wanted) - length(port) - 1)
      if (address ~ /^\[/) {
        split(substr(address, 2, length(address) - 2), half, "::")
        first = split(half[1], left, ":")
        last = split(half[2], right, ":")
        text = in_full(left, first)
        for (i = first + last; i < 8; i++) text = text ":0000"
        key = "[" substr(text in_full(right, last), 2) "]"
      } else {
        split(address, byte, ".")
        key = sprintf("%02X%02X%02X%02X", byte[1], byte[2], byte[3], byte[4])
      }
      key = key sprintf(":%04X", port)
    }
    $1 == "TCP" && $2 == key { found = 1 }
    END { exit !found }' "$ROOT/proc/net/ip_vs" 2>/dev/null
}

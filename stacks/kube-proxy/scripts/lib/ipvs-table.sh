# Reads the kernel's own table of virtual servers, since a node of Flatcar or Fedora CoreOS may have no ipvsadm, and can
# install none. The table has hexadecimal digits: 0A600001:01BB, [fd00:0000:…:0001]:01BB (ip_vs_info_seq_show in
# net/netfilter/ipvs/ip_vs_ctl.c). Stands in front of the scripts that need it.

# For awk: digits(ADDRESS) has 8 or 32 hexadecimal digits, of 10.96.0.1, fd00::1 and of an address as the table has it.
address_digits='
  function in_full(groups, count, i, text) {
    for (i = 1; i <= count; i++) text = text substr("000" groups[i], length(groups[i]))
    return text
  }
  function digits(address, half, left, right, byte, first, last, text, i) {
    if (address ~ /:/) {
      split(address, half, "::")
      first = split(half[1], left, ":")
      last = split(half[2], right, ":")
      text = in_full(left, first)
      for (i = first + last; i < 8; i++) text = text "0000"
      return toupper(text in_full(right, last))
    }
    if (address !~ /[.]/) return toupper(address)
    split(address, byte, ".")
    return sprintf("%02X%02X%02X%02X", byte[1], byte[2], byte[3], byte[4])
  }'

# has_virtual_server ADDRESS:PORT: whether IPVS has this virtual server for TCP, 10.96.0.1:443 or [fd00::1]:443.
has_virtual_server() {
  awk -v wanted="$1" "$address_digits"'
    BEGIN {
      port = wanted
      sub(/.*:/, "", port)
      address = substr(wanted, 1, length(wanted) - length(port) - 1)
      gsub(/[][]/, "", address)
      key = digits(address) sprintf(":%04X", port)
    }
    $1 == "TCP" {
      server = $2
      sub(/:[0-9A-F]+$/, "", server)
      gsub(/[][]/, "", server)
      if (digits(server) substr($2, length($2) - 4) == key) found = 1
    }
    END { exit !found }' "$ROOT/proc/net/ip_vs" 2>/dev/null
}

# virtual_servers_outside NETWORKS: the virtual servers of IPVS whose address is in none of the networks (words such as
# 10.0.0.0/8, fd00::/64), each once: 192.168.1.100:6443, [fd00::1]:443. A mark of the firewall (FWM) has no address:
# kube-proxy cannot delete it.
virtual_servers_outside() {
  awk -v networks="$1" "$address_digits"'
    function value(hexadecimal, i, number) {
      for (i = 1; i <= length(hexadecimal); i++)
        number = number * 16 + index("0123456789ABCDEF", substr(hexadecimal, i, 1)) - 1
      return number
    }
    function contains(network, address, part, bits, whole, rest) {
      split(network, part, "/")
      part[1] = digits(part[1])
      if (length(part[1]) != length(address)) return 0
      bits = part[2] == "" ? 4 * length(address) : part[2]
      whole = int(bits / 4)
      rest = 2 ^ (4 - bits % 4)
      return substr(address, 1, whole) == substr(part[1], 1, whole) && (bits % 4 == 0 ||
        int(value(substr(address, whole + 1, 1)) / rest) == int(value(substr(part[1], whole + 1, 1)) / rest))
    }
    BEGIN { count = split(networks, network, " ") }
    $1 == "TCP" || $1 == "UDP" || $1 == "SCTP" {
      server = $2
      sub(/:[0-9A-F]+$/, "", server)
      port = value(substr($2, length($2) - 3))
      gsub(/[][]/, "", server)
      address = digits(server)
      for (i = 1; i <= count; i++) if (contains(network[i], address)) next
      if (length(address) == 8)
        server = value(substr(address, 1, 2)) "." value(substr(address, 3, 2)) "." value(substr(address, 5, 2)) "." value(substr(address, 7, 2))
      else server = "[" server "]"
      if (!seen[server ":" port]++) print server ":" port
    }' "$ROOT/proc/net/ip_vs" 2>/dev/null
}

# kube_proxy_ports: the ports of NodePorts, one a line, as kube-proxy's own sets have them: "add KUBE-NODE-PORT-TCP 31737",
# "add KUBE-NODE-PORT-SCTP-HASH 192.168.1.10,sctp:31737". The range of the API server may be any, and others may use it.
kube_proxy_ports() {
  ipset save 2>/dev/null |
    awk '$1 == "add" && $2 ~ /^KUBE-(6-)?NODE-PORT-/ { count = split($3, part, /[,:]/); print part[count] }'
}

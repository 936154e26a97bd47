# What kube-proxy's modes leave behind on a node, and its removal. Stands in front of the scripts that clean a node.
# Nothing here may run before kube-proxy runs in its new mode: it would stop the traffic.
. ./ipvs-table.sh

folder=$ROOT/var/lib/baremetal-lb
record=$folder/sysctl-before-ipvs
# Is there once kube-proxy ran in IPVS mode here. In nftables mode it takes kube-ipvs0, which tells the same, away itself.
ipvs_was_here=$folder/ipvs-mode

# kube_proxy_servers: options of ipvsadm for each virtual server that is kube-proxy's: on an address of kube-ipvs0, or on
# the port of a NodePort. Others, such as keepalived's, stay.
kube_proxy_servers() {
  command -v ipvsadm >/dev/null 2>&1 || return 0
  # All as input: in a cluster of many Services their addresses are too long for an argument.
  {
    ip -o addr show dev kube-ipvs0 2>/dev/null | awk '{ sub("/.*", "", $4); print "address", $4 }'
    kube_proxy_ports | sed 's/^/port /'
    ipvsadm -Sn
  } | awk '
    $1 == "address" { is_ours[$2] }
    $1 == "port" { is_node_port[$2] }
    $1 == "-A" {
      address = port = $3
      sub(/.*:/, "", port)
      sub(/:[0-9]+$/, "", address)
      gsub(/[][]/, "", address)
      if (address in is_ours || port in is_node_port) print $2, $3
    }'
}

# kube-proxy may have used another variant than the node's default.
iptables_variants='iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft iptables ip6tables'

# chains_left MODE TABLE: a pattern of the chains of other modes in a table that MODE has no use for. IPVS mode has its own
# KUBE-SERVICES, KUBE-POSTROUTING, KUBE-MARK-MASQ and KUBE-FORWARD (iptablesChains in pkg/proxy/ipvs), in nat and filter as
# they are there; KUBE-FIREWALL and KUBE-KUBELET-CANARY are kubelet's.
chains_left() {
  of_others=
  if [ "$1" != ipvs ]; then
    of_others='KUBE-IPVS-FILTER|KUBE-IPVS-OUT-FILTER|KUBE-LOAD-BALANCER|KUBE-NODE-PORT|KUBE-SOURCE-RANGES-FIREWALL|KUBE-NODE-PORT-TCP|KUBE-NODE-PORT-UDP'
  fi
  if [ "$1" != iptables ]; then
    of_others="$of_others|KUBE-PROXY-CANARY|KUBE-NODEPORTS|KUBE-EXTERNAL-SERVICES"
    [ "$2" != nat ] || of_others="$of_others|KUBE-(SVC|SVL|EXT|FW|XLB|SEP)-[A-Z0-9]+"
    [ "$2" != filter ] || of_others="$of_others|KUBE-SERVICES"
    [ "$1" = ipvs ] ||
      of_others="$of_others|KUBE-SERVICES|KUBE-POSTROUTING|KUBE-MARK-MASQ|KUBE-FORWARD|KUBE-PROXY-FIREWALL"
  fi
  echo "${of_others#|}"
}

# comments_left MODE: a pattern of comments on rules in chains that stay. Each mode jumps to KUBE-PROXY-FIREWALL with one of
# its own.
comments_left() {
  of_others=
  [ "$1" = ipvs ] || of_others='--comment "kube-proxy firewall rules"'
  [ "$1" = iptables ] || of_others="$of_others|--comment \"kubernetes load balancer firewall\""
  echo "${of_others#|}"
}

# iptables_left MODE: for each variant of iptables in which another mode left something, writes what takes it away in the
# language of iptables-restore to a file in $batches, and prints the command and the file that it is to read. Thousands of
# chains go at once, and what iptables-save printed is never the shell's to read. A rule goes by itself only where its
# chain stays. What stands in quotes, a comment for example, is no jump.
iptables_left() {
  nat=$(chains_left "$1" nat)
  filter=$(chains_left "$1" filter)
  mangle=$(chains_left "$1" mangle)
  comments=$(comments_left "$1")
  for command in $iptables_variants; do
    command -v "$command-save" >/dev/null 2>&1 || continue
    # Of all tables that are there: to ask for one would load it.
    "$command-save" 2>/dev/null |
      awk -v nat="$nat" -v filter="$filter" -v mangle="$mangle" -v comments="$comments" -v mode="$1" '
        BEGIN { chains["nat"] = nat; chains["filter"] = filter; chains["mangle"] = mangle }
        function tell_table(i) {
          if (chain_count + rule_count > 0) {
            print "*" table
            for (i = 1; i <= chain_count; i++) print ":" chain[i] " - [0:0]"
            for (i = 1; i <= rule_count; i++) print rule[i]
            for (i = 1; i <= chain_count; i++) print "-X " chain[i]
            print "COMMIT"
            left = 1
          }
          chain_count = rule_count = 0
        }
        /^\*/ { tell_table(); table = substr($1, 2); of_others = "^(" chains[table] ")$" }
        chains[table] == "" { next }
        /^:/ { name = substr($1, 2); if (name ~ of_others) chain[++chain_count] = name }
        /^-A / && $2 !~ of_others {
          found = $0 ~ comments
          unquoted = $0
          gsub(/"([^"\\]|\\.)*"/, "", unquoted)
          if (mode != "ipvs" && unquoted ~ /--match-set KUBE-/) found = 1
          words = split(unquoted, word)
          for (i = 3; i < words; i++) if (word[i] ~ /^-[jg]$/ && word[i + 1] ~ of_others) found = 1
          if (found) { sub(/^-A/, "-D"); rule[++rule_count] = $0 }
        }
        END { tell_table(); exit !left }
      ' >"$batches/$command" || continue
    echo "$command-restore $batches/$command"
  done
}

# ipvs_left: prints the commands that take away what IPVS mode left beside its rules, one a line; nothing when nothing is
# left. Interface and sets go after the virtual servers, since they tell which of those are kube-proxy's.
ipvs_left() {
  servers=$(kube_proxy_servers)
  if [ -n "$servers" ]; then
    echo "$servers" | sed 's/^/ipvsadm -D /'
    return
  fi
  ! ip link show kube-ipvs0 >/dev/null 2>&1 || echo "ip link del kube-ipvs0"
  ! command -v ipset >/dev/null 2>&1 || ipset list -n | sed -n 's/^KUBE-[A-Z0-9-]*$/ipset destroy &/p'
}

# nftables_left: the same for nftables mode, whose rules are all in tables of its own.
nftables_left() {
  command -v nft >/dev/null 2>&1 || return 0
  nft list tables 2>/dev/null | sed -n 's/^table \(ip6\{0,1\} kube-proxy\)$/nft delete table \1/p'
}

# left MODE: what every other mode than MODE left.
left() {
  iptables_left "$1"
  [ "$1" = ipvs ] || ipvs_left
  [ "$1" = nftables ] || nftables_left
}

# put_back_sysctls: the kernel settings that IPVS mode changed, as they were noted before it.
put_back_sysctls() {
  if [ ! -f "$record" ]; then
    # Nothing was noted, since the node joined in IPVS mode: the kernel's defaults.
    mkdir -p "$folder"
    printf 'net/ipv4/conf/all/arp_ignore 0\nnet/ipv4/conf/all/arp_announce 0\n' >"$record"
  fi
  while read -r key value; do
    [ ! -f "$ROOT/proc/sys/$key" ] || echo "$value" >"$ROOT/proc/sys/$key"
  done <"$record"
}

# put_back_arp: where kube-proxy in IPVS mode runs without strictARP, and the kernel's settings are those of strictARP, what
# they were before: kube-proxy sets them, and nothing sets them back. Without a note of them, the kernel's own default, where
# no file of this node sets them: real servers of keepalived have the same.
put_back_arp() {
  arp=$ROOT/proc/sys/net/ipv4/conf/all
  [ "$(cat "$arp/arp_ignore")" = 1 ] && [ "$(cat "$arp/arp_announce")" = 2 ] && runs_without_strict_arp || return 0
  if ! grep -qs '^net/ipv4/conf/all/arp_ignore ' "$record" &&
    cat "$ROOT"/etc/sysctl.conf "$ROOT"/etc/sysctl.d/*.conf 2>/dev/null | grep -qE '^ *-?net[./]ipv4[./]conf[./]all[./]arp_'; then
    return
  fi
  for key in arp_ignore arp_announce; do
    value=$(awk -v key="net/ipv4/conf/all/$key" '$1 == key { print $2 }' "$record" 2>/dev/null || true)
    echo "${value:-0}" >"$arp/$key"
  done
}

# clean_up MODE REMEDY: takes away what every other mode than MODE left. kube-proxy, which runs in MODE, writes its own
# rules at the same time, and a rule may be gone before it is deleted: what counts is that nothing is left in the end.
clean_up() {
  if [ "$1" != ipvs ] && ! command -v ipvsadm >/dev/null 2>&1 &&
    grep -qE '^(TCP|UDP|SCTP) ' "$ROOT/proc/net/ip_vs" 2>/dev/null; then
    say "note: there is no ipvsadm here to take the virtual servers of IPVS away, they go with the next boot" >&2
  fi
  # First, since kube-ipvs0, which goes below, tells that IPVS mode was here. Without the module dummy there is none, and
  # the settings are changed all the same.
  if [ "$1" != ipvs ] && {
    [ -f "$ipvs_was_here" ] || ip link show kube-ipvs0 >/dev/null 2>&1 || { [ "$MODE" = ipvs ] && [ -f "$record" ]; }
  }; then
    put_back_sysctls
    rm -f "$ipvs_was_here"
  fi
  batches=$(mktemp -d)
  scratch="$scratch $batches"
  attempts=0
  # A * in what a tool printed is no pattern for files.
  set -f
  while left "$1" >"$batches/commands" && [ -s "$batches/commands" ]; do
    if [ "$attempts" -ge 10 ]; then
      while read -r command file; do
        case $command in
          *-restore) printf '%s --noflush <<END\n%s\nEND\n' "$command" "$(cat "$file")" ;;
          *) printf '%s\n' "$command $file" ;;
        esac
      done <"$batches/commands" >&2
      fail "another mode than $1 left what the commands above would take away, and they do not: run them by hand to see why, then $2"
    fi
    [ "$attempts" -eq 0 ] || sleep 1
    attempts=$((attempts + 1))
    while read -r command words; do
      # shellcheck disable=SC2086 # words, and no more than that
      case $command in
        # Older ones know no -w.
        *-restore) "$command" -w 30 --noflush <"$words" || "$command" --noflush <"$words" ;;
        *) "$command" $words ;;
      esac >/dev/null 2>&1 || true
    done <"$batches/commands"
  done
  set +f
}

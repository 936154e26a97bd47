# What kube-proxy's modes leave behind on a node, and its removal. Stands in front of the scripts that clean a node.
# Nothing here may run before kube-proxy runs in its new mode: it would stop the traffic.

folder=$ROOT/var/lib/baremetal-lb
record=$folder/sysctl-before-ipvs

# kube_proxy_servers: options of ipvsadm for each virtual server that is kube-proxy's: on an address of kube-ipvs0, or on
# a port of the NodePort range. Others, such as keepalived's, stay.
kube_proxy_servers() {
  command -v ipvsadm >/dev/null 2>&1 || return 0
  addresses=$(ip -o addr show dev kube-ipvs0 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }')
  ipvsadm -Sn | while read -r action protocol server _; do
    [ "$action" = -A ] || continue
    port=${server##*:}
    address=${server%:*}
    address=${address#[}
    address=${address%]}
    if echo "$addresses" | grep -qxF -- "$address" || { [ "$port" -ge 30000 ] && [ "$port" -le 32767 ]; }; then
      echo "$protocol $server"
    fi
  done
}

# Chains that only IPVS mode has. The others (KUBE-SERVICES and the like) may belong to the mode that runs.
chains='KUBE-IPVS-FILTER KUBE-IPVS-OUT-FILTER KUBE-LOAD-BALANCER KUBE-NODE-PORT KUBE-SOURCE-RANGES-FIREWALL KUBE-NODE-PORT-TCP KUBE-NODE-PORT-UDP'

# kube-proxy may have used another variant than the node's default.
iptables_variants='iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft iptables ip6tables'

# rules_left COMMAND: prints what takes away the rules that use an ipset of kube-proxy or jump to one of the chains, and
# the chains. COMMAND is iptables or one of its variants.
rules_left() {
  command -v "$1" >/dev/null 2>&1 && command -v "$1-save" >/dev/null 2>&1 || return 0
  for table in filter nat mangle; do
    rules=$("$1-save" -t "$table" 2>/dev/null) || continue
    # IPVS mode jumps to KUBE-PROXY-FIREWALL, which both have, with another comment than iptables mode.
    pattern='match-set KUBE-|--comment "kube-proxy firewall rules"'
    for chain in $chains; do pattern="$pattern|-[jg] $chain( |$)"; done
    printf '%s\n' "$rules" | grep -E "^-A .*($pattern)" | sed "s/^-A /$1 -w 30 -t $table -D /"
    for chain in $chains; do
      ! printf '%s\n' "$rules" | grep -q "^:$chain " ||
        printf '%s -w 30 -t %s -F %s\n%s -w 30 -t %s -X %s\n' "$1" "$table" "$chain" "$1" "$table" "$chain"
    done
  done
}

# ipvs_left: prints the commands that take away what IPVS mode left, one a line; nothing when nothing is left.
ipvs_left() {
  servers=$(kube_proxy_servers)
  if [ -n "$servers" ]; then
    echo "$servers" | sed 's/^/ipvsadm -D /'
  elif ip link show kube-ipvs0 >/dev/null 2>&1; then
    # After the virtual servers: its addresses tell which of them are kube-proxy's.
    echo "ip link del kube-ipvs0"
  fi
  for command in $iptables_variants; do rules_left "$command"; done
  ! command -v ipset >/dev/null 2>&1 || ipset list -n | sed -n 's/^KUBE-/ipset destroy &/p'
}

# iptables_chains MODE TABLE: a pattern of the chains that iptables mode made in a table and that MODE has no use for.
# IPVS mode has its own KUBE-SERVICES, KUBE-POSTROUTING, KUBE-MARK-MASQ and KUBE-FORWARD (iptablesChains in
# pkg/proxy/ipvs), in nat and filter as they are there; KUBE-FIREWALL and KUBE-KUBELET-CANARY are kubelet's.
iptables_chains() {
  chains_of_mode='KUBE-PROXY-CANARY|KUBE-NODEPORTS|KUBE-EXTERNAL-SERVICES'
  [ "$2" != nat ] || chains_of_mode="$chains_of_mode|KUBE-(SVC|SVL|EXT|FW|XLB|SEP)-[A-Z0-9]+"
  [ "$2" != filter ] || chains_of_mode="$chains_of_mode|KUBE-SERVICES"
  [ "$1" = ipvs ] ||
    chains_of_mode="$chains_of_mode|KUBE-SERVICES|KUBE-POSTROUTING|KUBE-MARK-MASQ|KUBE-FORWARD|KUBE-PROXY-FIREWALL"
  echo "$chains_of_mode"
}

# iptables_left MODE: for each variant and table in which iptables mode left something, writes what takes it away in the
# language of iptables-restore to a file in $batches, and prints the command that reads it. Thousands of chains go at
# once. A rule goes by itself only where its chain stays.
iptables_left() {
  for command in $iptables_variants; do
    command -v "$command-save" >/dev/null 2>&1 || continue
    for table in nat filter mangle; do
      batch=$batches/$command-$table
      "$command-save" -t "$table" 2>/dev/null | awk -v table="$table" -v chains="$(iptables_chains "$1" "$table")" '
        BEGIN { left = "^(" chains ")$"; print "*" table }
        /^:/ { chain = substr($1, 2); if (chain ~ left) { print ":" chain " - [0:0]"; gone[++count] = chain } }
        /^-A / && $2 !~ left {
          for (word = 3; word < NF; word++)
            if ($word ~ /^-[jg]$/ && $(word + 1) ~ left || /--comment "kubernetes load balancer firewall"/) {
              sub(/^-A/, "-D"); print; count += 0; extra = 1; break
            }
        }
        END { for (i = 1; i <= count; i++) print "-X " gone[i]; print "COMMIT"; exit (count + extra == 0) }
      ' >"$batch" || continue
      # Older ones know no -w.
      echo "$command-restore -w 30 --noflush <'$batch' || $command-restore --noflush <'$batch'"
    done
  done
}

# nftables_left: the same for nftables mode, whose rules are all in tables of its own.
nftables_left() {
  command -v nft >/dev/null 2>&1 || return 0
  nft list tables 2>/dev/null | sed -n 's/^table \(ip6\{0,1\} kube-proxy\)$/nft delete table \1/p'
}

# left MODE: what every other mode than MODE left.
left() {
  [ "$1" = ipvs ] || ipvs_left
  [ "$1" = iptables ] || iptables_left "$1"
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

# clean_up MODE REMEDY: takes away what every other mode than MODE left. kube-proxy, which runs in MODE, writes its own
# rules at the same time, and a rule may be gone before it is deleted: what counts is that nothing is left in the end.
clean_up() {
  if [ "$1" != ipvs ] && ! command -v ipvsadm >/dev/null 2>&1 &&
    grep -qE '^(TCP|UDP|SCTP) ' "$ROOT/proc/net/ip_vs" 2>/dev/null; then
    say "note: there is no ipvsadm here to take the virtual servers of IPVS away, they go with the next boot" >&2
  fi
  # First, since kube-ipvs0, which goes below, tells that IPVS mode was here.
  if [ "$1" != ipvs ] && ip link show kube-ipvs0 >/dev/null 2>&1; then put_back_sysctls; fi
  batches=$(mktemp -d)
  scratch="$scratch $batches"
  attempts=0
  while left "$1" >"$batches/commands" && [ -s "$batches/commands" ]; do
    if [ "$attempts" -ge 10 ]; then
      cat "$batches/commands" >&2
      fail "another mode than $1 left what the commands above would take away, and they do not: run them by hand to see why, then $2"
    fi
    [ "$attempts" -eq 0 ] || sleep 1
    attempts=$((attempts + 1))
    # eval: iptables-save quotes comments.
    while read -r command; do eval "$command" >/dev/null 2>&1 || true; done <"$batches/commands"
  done
}

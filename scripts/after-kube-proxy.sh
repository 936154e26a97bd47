# Runs on every node when the stack is destroyed, after the pods got their original configuration back: waits until
# kube-proxy runs in its original mode, then takes away what IPVS mode leaves behind. Doing it earlier would stop
# the traffic.
# ORIGINAL_MODE: the mode before this project. WAIT_SECONDS: bound of the wait.

folder=$ROOT/var/lib/baremetal-lb
record=$folder/sysctl-before-ipvs

if [ "$ORIGINAL_MODE" = ipvs ]; then
  rm -f "$record"
  rmdir "$folder" 2>/dev/null || true
  say "kube-proxy was in IPVS mode before, nothing to clean"
  exit 0
fi

waited=0
mode=$(proxy_mode)
while [ -z "$mode" ] || [ "$mode" = ipvs ]; do
  [ "$waited" -lt "$WAIT_SECONDS" ] ||
    fail "kube-proxy still runs in mode ${mode:-unknown (it does not answer)} after ${WAIT_SECONDS} s, IPVS was not cleaned: see 'kubectl -n kube-system get pods -l k8s-app=kube-proxy', then destroy again"
  sleep 2
  waited=$((waited + 2))
  mode=$(proxy_mode)
done

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

# Chains that only IPVS mode has. The others (KUBE-SERVICES and the like) now belong to the mode that runs.
chains='KUBE-IPVS-FILTER KUBE-IPVS-OUT-FILTER KUBE-LOAD-BALANCER KUBE-NODE-PORT KUBE-SOURCE-RANGES-FIREWALL KUBE-NODE-PORT-TCP KUBE-NODE-PORT-UDP'

# rules_left COMMAND: prints what takes away the rules that use an ipset of kube-proxy or jump to one of the chains, and
# the chains. COMMAND is iptables or one of its variants; kube-proxy may have used another than the node's default.
rules_left() {
  command -v "$1" >/dev/null 2>&1 && command -v "$1-save" >/dev/null 2>&1 || return 0
  for table in filter nat mangle; do
    rules=$("$1-save" -t "$table" 2>/dev/null) || continue
    pattern="match-set KUBE-$(for chain in $chains; do printf '|-[jg] %s( |$)' "$chain"; done)"
    printf '%s\n' "$rules" | grep -E "^-A .*($pattern)" | sed "s/^-A /$1 -w 30 -t $table -D /"
    for chain in $chains; do
      ! printf '%s\n' "$rules" | grep -q "^:$chain " ||
        printf '%s -w 30 -t %s -F %s\n%s -w 30 -t %s -X %s\n' "$1" "$table" "$chain" "$1" "$table" "$chain"
    done
  done
}

# left: prints the commands that take away what IPVS mode left, one a line; nothing when nothing is left.
left() {
  servers=$(kube_proxy_servers)
  if [ -n "$servers" ]; then
    echo "$servers" | sed 's/^/ipvsadm -D /'
  elif ip link show kube-ipvs0 >/dev/null 2>&1; then
    # After the virtual servers: its addresses tell which of them are kube-proxy's.
    echo "ip link del kube-ipvs0"
  fi
  for command in iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft iptables ip6tables; do rules_left "$command"; done
  ! command -v ipset >/dev/null 2>&1 || ipset list -n | sed -n 's/^KUBE-/ipset destroy &/p'
}

# kube-proxy writes its own rules at the same time, and a rule may be gone before it is deleted: what counts is that
# nothing is left in the end.
scratch=$(mktemp)
attempts=0
while left >"$scratch" && [ -s "$scratch" ]; do
  if [ "$attempts" -ge 10 ]; then
    cat "$scratch" >&2
    fail "IPVS mode left what the commands above would take away, and they do not: run them by hand to see why, then destroy again"
  fi
  [ "$attempts" -eq 0 ] || sleep 1
  attempts=$((attempts + 1))
  # eval: iptables-save quotes comments.
  while read -r command; do eval "$command" >/dev/null 2>&1 || true; done <"$scratch"
done

if [ ! -f "$record" ]; then
  # Nothing was noted, since the node joined in IPVS mode: the kernel's defaults.
  mkdir -p "$folder"
  printf 'net/ipv4/conf/all/arp_ignore 0\nnet/ipv4/conf/all/arp_announce 0\n' >"$record"
fi
while read -r key value; do
  [ ! -f "$ROOT/proc/sys/$key" ] || echo "$value" >"$ROOT/proc/sys/$key"
done <"$record"
rm -f "$record"
rmdir "$folder" 2>/dev/null || true
say "kube-proxy runs in mode $mode, what IPVS mode left behind is gone"

# Runs on every node when the stack is destroyed, after the pods got their original configuration back: waits until
# kube-proxy runs in its original mode, then takes away what IPVS mode leaves behind. Doing it earlier would stop
# the traffic.
# ORIGINAL_MODE: the mode before this project, "" meaning iptables. WAIT_SECONDS: bound of the wait.

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

# Virtual servers that are kube-proxy's: on an address of kube-ipvs0, or on a port of the NodePort range. Others, such
# as keepalived's, stay.
if command -v ipvsadm >/dev/null 2>&1; then
  addresses=$(ip -o addr show dev kube-ipvs0 2>/dev/null | awk '{ sub("/.*", "", $4); print $4 }')
  ipvsadm -Sn | while read -r action protocol server _; do
    [ "$action" = -A ] || continue
    port=${server##*:}
    address=${server%:*}
    address=${address#[}
    address=${address%]}
    if echo "$addresses" | grep -qxF -- "$address" || { [ "$port" -ge 30000 ] && [ "$port" -le 32767 ]; }; then
      ipvsadm -D "$protocol" "$server"
    fi
  done
fi
! ip link show kube-ipvs0 >/dev/null 2>&1 || ip link del kube-ipvs0

# Chains that only IPVS mode has. The others (KUBE-SERVICES and the like) now belong to the mode that runs.
chains='KUBE-IPVS-FILTER KUBE-IPVS-OUT-FILTER KUBE-LOAD-BALANCER KUBE-NODE-PORT KUBE-SOURCE-RANGES-FIREWALL KUBE-NODE-PORT-TCP KUBE-NODE-PORT-UDP'

# clean COMMAND: COMMAND is iptables or one of its variants; kube-proxy may have used another than the default.
clean() {
  command -v "$1" >/dev/null 2>&1 && command -v "$1-save" >/dev/null 2>&1 || return 0
  for table in filter nat mangle; do
    "$1-save" -t "$table" >"$scratch" 2>/dev/null || continue
    # Rules that use an ipset of kube-proxy or jump to one of the chains.
    pattern="match-set KUBE-$(for chain in $chains; do printf '|-[jg] %s( |$)' "$chain"; done)"
    grep -E "^-A .*($pattern)" "$scratch" | sed 's/^-A /-D /' | while read -r rule; do
      # eval: iptables-save quotes comments.
      eval "\"$1\" -w 30 -t $table $rule"
    done
    for chain in $chains; do
      grep -q "^:$chain " "$scratch" || continue
      "$1" -w 30 -t "$table" -F "$chain"
      "$1" -w 30 -t "$table" -X "$chain"
    done
  done
}
scratch=$(mktemp)
for command in iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft iptables ip6tables; do clean "$command"; done

if command -v ipset >/dev/null 2>&1; then
  ipset list -n | grep '^KUBE-' | while read -r set; do ipset destroy "$set"; done
fi

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

# Shows a node for a report, and changes nothing: each thing that is looked at in a line of its own, then what it says.
# REPORT_LINES: how many lines of one of them are shown at most.
. ../../stacks/shared/scripts/lib/environment.sh

# show COMMAND...: what it prints, on either stream.
show() {
  echo "== $*"
  if command -v "$1" >/dev/null 2>&1; then
    "$@" 2>&1 | head -n "$REPORT_LINES"
  else
    echo "there is no $1"
  fi
}

show uname -a

echo "== /etc/os-release"
head -n "$REPORT_LINES" "$ROOT/etc/os-release" 2>/dev/null || echo "it is not there"

echo "== /proc/modules, of IPVS and what filters"
grep -E '^(ip_vs|ip_set|ip_tables|ip6_tables|iptable|ip6table|nf_|nft_|x_tables|xt_|dummy|br_netfilter|bonding|8021q)' \
  "$ROOT/proc/modules" 2>/dev/null | head -n "$REPORT_LINES" || true

echo "== sysctls"
for file in "$ROOT"/proc/sys/net/ipv4/ip_forward "$ROOT"/proc/sys/net/ipv6/conf/all/forwarding \
  "$ROOT"/proc/sys/net/bridge/bridge-nf-call-ip*tables "$ROOT"/proc/sys/net/netfilter/nf_conntrack_max \
  "$ROOT"/proc/sys/net/netfilter/nf_conntrack_count "$ROOT"/proc/sys/net/ipv4/vs/* \
  "$ROOT"/proc/sys/net/ipv4/conf/*/arp_ignore "$ROOT"/proc/sys/net/ipv4/conf/*/arp_announce \
  "$ROOT"/proc/sys/net/ipv4/conf/*/rp_filter; do
  case $file in
    # Of pods: they are many.
    */conf/veth* | */conf/cali* | */conf/lxc*) continue ;;
  esac
  [ ! -r "$file" ] || echo "${file#"$ROOT/proc/sys/"} = $(cat "$file" 2>/dev/null || true)"
done | head -n "$REPORT_LINES"

show ip addr
show ip rule
show ip route
show ip -6 route

# The command would load the module.
if [ -e "$ROOT/proc/net/ip_vs" ]; then
  show ipvsadm -L -n
else
  echo "== ipvsadm"
  echo "IPVS is not loaded"
fi

for save in iptables-save iptables-legacy-save ip6tables-save ip6tables-legacy-save; do
  command -v "$save" >/dev/null 2>&1 || continue
  echo "== INPUT by $save"
  "$save" -t filter 2>/dev/null | grep -E '^(:INPUT|-A INPUT) ' | head -n "$REPORT_LINES" || true
done

# Runs on every node before kube-proxy is touched: notes the kernel settings that kube-proxy changes in IPVS mode, since
# nothing sets them back later.
. ../../shared/scripts/lib/preamble.sh
. ./lib/ask-kube-proxy.sh

folder=$ROOT/var/lib/baremetal-lb
record=$folder/sysctl-before-ipvs
arp="net/ipv4/conf/all/arp_ignore net/ipv4/conf/all/arp_announce"
note() {
  mkdir -p "$folder"
  for key in "$@"; do
    [ ! -f "$ROOT/proc/sys/$key" ] || echo "$key $(cat "$ROOT/proc/sys/$key")"
  done >"$record.new"
  mv "$record.new" "$record"
}

if [ -f "$record" ]; then
  say "kernel settings were noted before"
elif [ "$(proxy_mode)" != ipvs ]; then
  # shellcheck disable=SC2086 # words
  note $arp net/ipv4/vs/conntrack net/ipv4/vs/conn_reuse_mode net/ipv4/vs/expire_nodest_conn \
    net/ipv4/vs/expire_quiescent_template
  say "noted the kernel settings that IPVS mode changes"
elif runs_without_strict_arp; then
  # shellcheck disable=SC2086 # words
  note $arp
  say "kube-proxy runs in IPVS mode already, noted the kernel settings that strictARP changes"
else
  # A node that joined later: what it has now are IPVS mode's own settings.
  say "kube-proxy runs in IPVS mode already, no kernel settings to note"
fi

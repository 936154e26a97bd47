# Runs on every node after the rollout: proves what runs, not what was asked for. kube-proxy older than 1.26 falls
# back to iptables in silence where IPVS does not work.
# MODE, STRICT_ARP: as declared. API_SERVICE: address and port of the Service kubernetes.
# WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/wait.sh
. ./lib/ask-kube-proxy.sh
. ./lib/ipvs-table.sh

back="To go back to the settings before: cdktf destroy kube-proxy"
is_proven() {
  running=$(proxy_mode) || exit 1
  problem=
  if [ "$running" != "$MODE" ]; then
    problem="kube-proxy runs in mode ${running:-unknown (it does not answer where its metrics are, at 127.0.0.1:10249 by default)}, declared is $MODE"
  elif ! has_virtual_server "$API_SERVICE"; then
    problem="IPVS has no virtual server $API_SERVICE, the Kubernetes API's Service"
  elif [ "$STRICT_ARP" = true ] && [ "$(cat "$ROOT/proc/sys/net/ipv4/conf/all/arp_ignore")" != 1 ]; then
    problem="net.ipv4.conf.all.arp_ignore is $(cat "$ROOT/proc/sys/net/ipv4/conf/all/arp_ignore"), strictARP sets it to 1"
  elif [ "$STRICT_ARP" = true ] && [ "$(cat "$ROOT/proc/sys/net/ipv4/conf/all/arp_announce")" != 2 ]; then
    problem="net.ipv4.conf.all.arp_announce is $(cat "$ROOT/proc/sys/net/ipv4/conf/all/arp_announce"), strictARP sets it to 2"
  fi
  [ -z "$problem" ]
}

wait_until "$WAIT_SECONDS" is_proven || {
  proxy_log | sed 's/^/  kube-proxy: /' >&2
  fail "$problem, after ${WAIT_SECONDS} s. $back"
}
say "kube-proxy runs in mode $running, strictARP $STRICT_ARP, virtual server $API_SERVICE is there"

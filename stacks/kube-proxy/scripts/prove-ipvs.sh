# Runs on every node once its pod was replaced: proves what runs, not what was asked for. kube-proxy older than 1.26 falls
# back to iptables in silence where IPVS does not work.
# MODE, STRICT_ARP: as declared. API_SERVICE: address and port of the Service kubernetes.
# WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/wait.sh
. ./lib/ask-kube-proxy.sh
. ./lib/ipvs-table.sh

back="No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies"
# answers ADDRESS:PORT: whether a connection can be made; whatever comes then, a refusal of TLS too, is an answer. Status 7
# and 28 of curl, and 4 of GNU wget: no connection. busybox's wget does not tell.
answers() {
  status=0
  if command -v curl >/dev/null 2>&1; then
    curl -g -ksS -o /dev/null --noproxy '*' --max-time 5 "https://$1/" 2>/dev/null || status=$?
  else
    wget --no-proxy --no-check-certificate -q -T 5 -t 1 -O /dev/null "https://$1/" 2>/dev/null || status=$?
  fi
  case $status in 7 | 28 | 4) return 1 ;; esac
}

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
  elif ! answers "$API_SERVICE"; then
    problem="nobody answers at $API_SERVICE, the Kubernetes API's Service, though IPVS has it: in IPVS mode its traffic passes iptables' INPUT, where a firewall may drop it"
  fi
  [ -z "$problem" ]
}

wait_until "$WAIT_SECONDS" is_proven || {
  proxy_log | sed 's/^/  kube-proxy: /' >&2
  fail "$problem, after ${WAIT_SECONDS} s. $back"
}
say "kube-proxy runs in mode $running, strictARP $STRICT_ARP, virtual server $API_SERVICE is there"

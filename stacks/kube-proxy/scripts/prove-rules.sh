# Runs on every node once its pod was replaced, in iptables and nftables mode: proves what runs, not what was asked for.
# MODE: as declared. API_SERVICE: see api-service-rules.sh. WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/wait.sh
. ./lib/ask-kube-proxy.sh
. ./lib/api-service-rules.sh

is_proven() {
  running=$(proxy_mode) || exit 1
  problem=
  rules=unknown
  if [ "$running" != "$MODE" ]; then
    problem="kube-proxy runs in mode ${running:-unknown (it does not answer where its metrics are, at 127.0.0.1:10249 by default)}, declared is $MODE"
  else
    rules=$(api_service_rules "$MODE")
    [ "$rules" != missing ] || problem="the $MODE rules have no Service $API_SERVICE, the Kubernetes API's"
  fi
  [ -z "$problem" ]
}

wait_until "$WAIT_SECONDS" is_proven || {
  proxy_log | sed 's/^/  kube-proxy: /' >&2
  fail "$problem, after ${WAIT_SECONDS} s. No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies"
}
case $rules in
  present) say "kube-proxy runs in mode $running, its rules have the Service $API_SERVICE" ;;
  *) say "kube-proxy runs in mode $running; this node has no tool to list its rules with" ;;
esac

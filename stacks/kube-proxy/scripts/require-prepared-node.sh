# Runs on every node before kube-proxy is touched: refuses to go on where the stack nodes of this configuration has not
# done its work, or where the change would cut something off. Asks for what that stack leaves, now and after a reboot, and
# not for a mark that it ran.
# EXCLUDE_CIDRS: the networks whose virtual servers kube-proxy will leave alone, words.
. ../../shared/scripts/lib/preamble.sh
. ../../nodes/scripts/lib/node-needs.sh
. ./lib/ask-kube-proxy.sh
. ./lib/ipvs-table.sh

not_ready() {
  fail "$*, kube-proxy was not touched: deploy the stack nodes first"
}

problem=$(kernel_problem)
[ -z "$problem" ] || not_ready "$problem"
# shellcheck disable=SC2086 # words
problem=$(denial_problem $loadable)
[ -z "$problem" ] || fail "$problem, kube-proxy was not touched: take that out there, and apply again"
persistence=/etc/modules-load.d/baremetal-lb.conf
persistent="
$(cat "$ROOT$persistence" 2>/dev/null || true)
"
for module in $loadable; do
  is_loaded "$module" || not_ready "kernel module $module is not loaded"
  [ -f "$ROOT$persistence" ] || not_ready "$persistence is missing, which loads the kernel modules after a reboot"
  case $persistent in
    *"
$module
"*) ;;
    *) not_ready "$persistence does not name $module, which a reboot would leave out" ;;
  esac
done
for tool in $tools; do
  command -v "$tool" >/dev/null 2>&1 || not_ready "$tool is missing"
done
command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 ||
  fail "neither curl nor wget is here, one of which the proof of kube-proxy needs, kube-proxy was not touched: install one of them"

if [ "$MODE" = ipvs ] && [ "$(proxy_mode)" != ipvs ]; then
  # What an earlier IPVS mode left is on kube-ipvs0, or on a port of its sets.
  left_behind=$(ip -o addr show dev kube-ipvs0 2>/dev/null | awk '{ print $4 }')
  ports=$(kube_proxy_ports)
  foreign=$(virtual_servers_outside "$EXCLUDE_CIDRS $left_behind" |
    while read -r server; do printf '%s\n' "$ports" | grep -qxF -- "${server##*:}" || printf '%s\n' "$server"; done)
  if [ -n "$foreign" ]; then
    example=${foreign%%
*}
    example=${example%:*}
    case $example in
      \[*) example=${example#?} example=${example%?}/128 ;;
      *) example=$example/32 ;;
    esac
    # shellcheck disable=SC2086 # words
    fail "IPVS has virtual servers that are not kube-proxy's:$(printf ' %s' $foreign). kube-proxy in IPVS mode deletes them as soon as it starts, kube-proxy was not touched: write their networks, such as $example, to kubeProxy.excludeCIDRs in cluster.yaml"
  fi
  if iptables-save -t filter 2>/dev/null | grep -q '^:INPUT DROP'; then
    say "note: iptables drops by default what comes to this node (INPUT), and in IPVS mode that is the traffic of Services, too: let the networks of pods and of clients through"
  fi
fi

case $MODE in
  ipvs) say "IPVS with scheduler $SCHEDULER is ready" ;;
  *) say "this node is ready for mode $MODE" ;;
esac

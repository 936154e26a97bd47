# Runs on every node when the stack is destroyed, after the pods got their original configuration back: waits until
# kube-proxy runs in its original mode, then takes away what the other modes left behind.
# ORIGINAL_MODE: the mode before this project. MODE: the mode that was declared. WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/wait.sh
. ./lib/ask-kube-proxy.sh
. ./lib/other-modes.sh

case $ORIGINAL_MODE in
  iptables | ipvs | nftables | userspace) ;;
  *) fail "the state has '$ORIGINAL_MODE' for kube-proxy's mode before, which is none that kube-proxy has, and nothing was cleaned: once kube-proxy runs as before, take the node out with 'terraform state rm', or reboot it" ;;
esac

if [ "$ORIGINAL_MODE" = ipvs ] && [ "$MODE" = ipvs ]; then
  put_back_arp
  rm -f "$record" "$ipvs_was_here"
  rmdir "$folder" 2>/dev/null || true
  say "kube-proxy was in IPVS mode before, nothing to clean"
  exit 0
fi

runs_as_before() {
  mode=$(proxy_mode) || exit 1
  [ "$mode" = "$ORIGINAL_MODE" ]
}

wait_until "$WAIT_SECONDS" runs_as_before ||
  fail "kube-proxy still runs in mode ${mode:-unknown (it does not answer)} after ${WAIT_SECONDS} s, before it was $ORIGINAL_MODE, and nothing was cleaned: see 'kubectl -n kube-system get pods -l k8s-app=kube-proxy', then destroy again"

clean_up "$mode" "destroy again"
rm -f "$record" "$ipvs_was_here"
rmdir "$folder" 2>/dev/null || true
say "kube-proxy runs in mode $mode, what other modes left behind is gone"

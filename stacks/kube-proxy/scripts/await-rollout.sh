# Runs on a control-plane node after kube-proxy's pod template got a new restart id: waits until every pod runs it.
# WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh

if ! is_rolled_out "$WAIT_SECONDS" kube-system daemonset/kube-proxy; then
  unready kube-system k8s-app=kube-proxy >&2
  fail "kube-proxy did not get ready within ${WAIT_SECONDS} s. To go back to the settings before: cdktf destroy kube-proxy"
fi

# Runs on a control-plane node after kube-proxy was replaced and proven on every node of cluster.yaml: gives the DaemonSet
# its own update strategy back, which replaces the pods on nodes that cluster.yaml does not name, and waits for those.
. ../../shared/scripts/lib/preamble.sh
. ./lib/update-strategy.sh

release
# There is no rollout to wait for where the DaemonSet's owner replaces pods by hand.
[ "$(daemon_set '{.spec.updateStrategy.type}')" != OnDelete ] || exit 0
if ! await_pods; then
  unready kube-system k8s-app=kube-proxy >&2
  fail "kube-proxy did not get ready within ${seconds} s on every node of the cluster. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies"
fi

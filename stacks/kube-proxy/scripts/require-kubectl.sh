# Runs on the control-plane node on which kubectl is to run, before anything is changed: what the roll and the way back
# need is there. kubectl.sh refuses without kubectl and without a kubeconfig.
. ../../shared/scripts/lib/preamble.sh
. ./lib/update-strategy.sh

for verb in get patch; do
  kubectl auth can-i "$verb" daemonsets.apps -n kube-system >/dev/null ||
    fail "kubectl with $KUBECONFIG_FILE may not $verb kube-proxy's DaemonSet, or the Kubernetes API does not answer (its words are above), kube-proxy was not touched: set kubernetes.nodeKubeconfig to an administrator's kubeconfig on this node"
done
say "kubectl and $KUBECONFIG_FILE are ready"

# Stands in front of the scripts that use kubectl on a control-plane node.
# KUBECONFIG_FILE: an administrator's kubeconfig on this node.

command -v kubectl >/dev/null 2>&1 || fail "kubectl is not here: install it on the control-plane nodes"
[ -r "$ROOT$KUBECONFIG_FILE" ] || fail "kubeconfig $KUBECONFIG_FILE is not here: set kubernetes.nodeKubeconfig to an administrator's kubeconfig on this node"
KUBECONFIG=$ROOT$KUBECONFIG_FILE
export KUBECONFIG

# unready NAMESPACE SELECTOR: for each pod that is not ready, its state and the last lines of its log.
unready() {
  kubectl -n "$1" get pods -l "$2" -o wide || true
  kubectl -n "$1" get pods -l "$2" \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.status.containerStatuses[0].ready}{" "}{.status.containerStatuses[0].state.waiting.reason}{" "}{.status.containerStatuses[0].state.waiting.message}{"\n"}{end}' |
    while read -r pod ready reason; do
      [ "$ready" != true ] || continue
      echo "pod $pod is not ready: ${reason:-no reason is given, see its events}"
      kubectl -n "$1" logs --tail=20 "$pod" 2>/dev/null | sed "s/^/  $pod: /" || true
    done
}

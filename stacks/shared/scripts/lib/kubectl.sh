# Stands in front of the scripts that use kubectl on a control-plane node.
# KUBECONFIG_FILE: an administrator's kubeconfig on this node.
. ./wait.sh

# Flatcar and kubespray, RKE2; a PATH that sshd or sudo gives has neither.
PATH=$PATH:$ROOT/opt/bin:$ROOT/var/lib/rancher/rke2/bin
kubectl_command=kubectl
command -v kubectl >/dev/null 2>&1 || ! command -v k3s >/dev/null 2>&1 || kubectl_command="k3s kubectl"
[ "$kubectl_command" != kubectl ] || command -v kubectl >/dev/null 2>&1 ||
  fail "kubectl is not here: install it on the control-plane nodes"
[ -r "$ROOT$KUBECONFIG_FILE" ] || fail "kubeconfig $KUBECONFIG_FILE is not here: set kubernetes.nodeKubeconfig to an administrator's kubeconfig on this node"
KUBECONFIG=$ROOT$KUBECONFIG_FILE
export KUBECONFIG

# kubectl, bounded: by itself it may wait for ever for an API server that does not answer. Inside of a wait it ends with it.
kubectl() {
  bound=$(seconds_left 30)
  kubectl_status=0
  # shellcheck disable=SC2086 # words
  timeout -k 5 "$bound" $kubectl_command "$@" || kubectl_status=$?
  case $kubectl_status in
    # 143: busybox.
    124 | 137 | 143) echo "kubectl did not answer within $bound s: kubectl $*" >&2 ;;
  esac
  return "$kubectl_status"
}

# is_rolled_out SECONDS NAMESPACE KIND/NAME: waits until every pod has the current template and is ready.
is_rolled_out() {
  # shellcheck disable=SC2086 # words
  timeout -k 5 "$1" $kubectl_command -n "$2" rollout status "$3" --timeout="${1}s"
}

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

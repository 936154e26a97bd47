# Whether MetalLB's pods have taken the configuration as it is. Stands in front of the scripts that need it. What is asked
# is what `npx baremetal-lb verify` asks (day-two/verify/configuration-taken.ts): logs are rotated.
# SETTLE_SECONDS: how long a pod may take to see a change.
. ./pods.sh

# loads_by_metrics POD: up to 0.15. A pod that refuses a configuration keeps the one before, and calls that stale.
loads_by_metrics() {
  said=$(kubectl get --raw "/api/v1/namespaces/metallb-system/pods/$1:7472/proxy/metrics" 2>&1) || {
    why="its metrics cannot be read at port 7472: $said"
    return 1
  }
  case $(printf '%s\n' "$said" | sed -nE 's/^metallb_k8s_client_config_(loaded|stale)_bool /\1 /p' | sort | tr '\n' ' ') in
    'loaded 1 stale 0 ') return 0 ;;
    'loaded 1 stale 1 ') why='it keeps an older configuration' ;;
    *) why='it has no configuration' ;;
  esac
  return 1
}

# loads_by_state UID: from 0.16 on, in the ConfigurationState that the pod owns.
loads_by_state() {
  said=$(kubectl -n metallb-system get configurationstates.metallb.io \
    -o 'jsonpath={range .items[*]}{.metadata.ownerReferences[*].uid}{"|"}{.status.conditions[*].status}{"|"}{.status.errorSummary}{"\n"}{end}' 2>&1) || {
    why="its ConfigurationState cannot be read: $said"
    return 1
  }
  statuses=$(printf '%s\n' "$said" | awk -F '|' -v uid="$1" 'index($1, uid) { print $2 }')
  case $statuses in
    '') why='it has not said yet whether it takes the configuration (ConfigurationState)' ;;
    *False* | *Unknown*) why="it keeps an older configuration: $(printf '%s\n' "$said" | awk -F '|' -v uid="$1" 'index($1, uid) { print $3 }')" ;;
    *) return 0 ;;
  esac
  return 1
}

# refusals POD COMPONENT: the last lines of its log that say why it refused a configuration, where they are still there.
refusals() {
  kubectl -n metallb-system logs --tail=2000 "$1" -c "$2" 2>/dev/null |
    grep -E '"configStale"|"setConfig"|"controller":"(Config|Pool)Reconciler"' | grep '"error":"' | tail -n 3 | sed "s/^/  $1: /"
}

# all_have_taken WHAT: waits until each pod has taken the configuration. One that MetalLB refuses is only logged by it, and
# the old one stays in force.
all_have_taken() {
  sleep "$SETTLE_SECONDS"
  image=$(metallb_image) || fail "kubectl cannot read Deployment metallb-system/controller, it says why above: deploy again"
  pods=$(metallb_pods) || fail "kubectl cannot list MetalLB's pods, it says why above: deploy again"
  [ -n "$pods" ] || fail "no pod of MetalLB runs in metallb-system: see kubectl -n metallb-system get pods"
  while read -r pod uid component <&3; do
    case $image in
      *:v0.9.* | *:v0.1[0-5].*) wait_until 30 loads_by_metrics "$pod" ;;
      *) wait_until 30 loads_by_state "$uid" ;;
    esac || {
      refusals "$pod" "$component" >&2 || true
      fail "pod $pod did not take $1: $why. The addresses stay as they were"
    }
  done 3<<PODS
$pods
PODS
}

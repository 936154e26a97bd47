# frr-k8s, which does MetalLB's BGP in pods of its own. Stands in front of the scripts that need it.
# WAIT_SECONDS: bound of the wait for the pods.

# wait_for_frr_k8s: its daemons, and the server of its webhook, which is called statuscleaner from MetalLB 0.15.3 on; while a
# deploy changes the version both may be there.
wait_for_frr_k8s() {
  servers=$(kubectl -n metallb-system get deployments -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}') ||
    fail "kubectl cannot list the Deployments of metallb-system, it says why above: deploy metallb again"
  server=$(printf '%s\n' "$servers" | grep -E -m 1 '^frr-k8s-(webhook-server|statuscleaner)$') ||
    fail "metallb-system has no Deployment of frr-k8s: deploy metallb again"
  give_up_at=$(($(date +%s) + WAIT_SECONDS))
  if ! is_rolled_out "$WAIT_SECONDS" metallb-system daemonset/frr-k8s-daemon ||
    ! is_rolled_out "$(seconds_left "$WAIT_SECONDS")" metallb-system "deployment/$server"; then
    give_up_at=
    unready metallb-system 'control-plane in (frr-k8s,webhook-server,statuscleaner)' >&2
    fail "frr-k8s did not get ready within ${WAIT_SECONDS} s: mend the cause named above, then deploy metallb again"
  fi
  give_up_at=
}

# Not written, as in ./webhook.sh. A configuration of no node.
ask_frr_k8s_webhook() {
  kubectl create --dry-run=server -f - <<CONFIGURATION 2>&1
apiVersion: frrk8s.metallb.io/v1beta1
kind: FRRConfiguration
metadata: { name: baremetal-lb-asks-the-webhook, namespace: metallb-system }
spec: { nodeSelector: { matchLabels: { baremetal-lb/no-node: "true" } } }
CONFIGURATION
}

frr_k8s_webhook_answers() {
  answer=$(ask_frr_k8s_webhook) && return
  case $answer in
    *'denied the request'*) return 0 ;;
    *) return 1 ;;
  esac
}

# frr_takes: whether FRR has taken the configuration on every node that has a daemon, by the FRRNodeState of the node's name.
# Both results are empty until a daemon has said something, and "success" where all is well.
frr_takes() {
  nodes=$(kubectl -n metallb-system get pods -l control-plane=frr-k8s --field-selector status.phase=Running \
    -o 'jsonpath={range .items[*]}{.spec.nodeName}{"\n"}{end}' 2>&1) || {
    why="its pods cannot be listed: $nodes"
    return 1
  }
  states=$(kubectl get frrnodestates.frrk8s.metallb.io \
    -o 'jsonpath={range .items[*]}{.metadata.name}{"|"}{.status.lastConversionResult}{"|"}{.status.lastReloadResult}{"\n"}{end}' 2>&1) || {
    why="what it says of the nodes (FRRNodeState) cannot be read: $states"
    return 1
  }
  for node in $nodes; do
    results=$(printf '%s\n' "$states" | awk -F '|' -v node="$node" '$1 == node { print $2 "|" $3; exit }')
    case $results in
      'success|success') ;;
      '' | '|' | 'success|' | '|success') why="it has not said yet whether FRR takes it on $node (FRRNodeState)" && return 1 ;;
      'success|'*) why="FRR on $node does not take it: ${results#*|}" && return 1 ;;
      *) why="it cannot make FRR's configuration on $node: ${results%|*}" && return 1 ;;
    esac
  done
}

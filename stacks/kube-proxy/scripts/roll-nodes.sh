# Runs on a control-plane node: replaces kube-proxy's pods on some nodes, and waits until new ones run there. A node that
# has one of the current template already keeps it. What runs there the node itself is asked next.
# NODES: the nodes' names, words. WAIT_SECONDS: bound of the wait.
. ../../shared/scripts/lib/preamble.sh
. ./lib/update-strategy.sh

# Both at once: this runs for every node, and each kubectl takes a second there.
found=$(daemon_set '{.spec.updateStrategy.type} {.spec.template.metadata.annotations.baremetal-lb/restart-id}')
[ "${found%% *}" = OnDelete ] || hold
restart_id=${found#* }
[ -n "$restart_id" ] || fail "kube-proxy's DaemonSet has no annotation baremetal-lb/restart-id, and no pod was replaced: deploy kube-proxy again"
columns='{.spec.nodeName}{"\t"}{.metadata.name}{"\t"}{.metadata.annotations.baremetal-lb/restart-id}{"\t"}{.status.containerStatuses[0].ready}{"\t"}{.metadata.deletionTimestamp}{"\n"}'

# pods: "node name id ready" of every pod of kube-proxy on NODES that is not about to go.
pods() {
  # One node is asked for by name, since a list of 1,000 pods is long.
  selector=
  case $NODES in *' '*) ;; *) selector=--field-selector=spec.nodeName=$NODES ;; esac
  kubectl -n kube-system get pods -l k8s-app=kube-proxy ${selector:+"$selector"} -o "jsonpath={range .items[*]}$columns{end}" |
    awk -F '\t' -v nodes="$NODES" '
      BEGIN { count = split(nodes, node, " "); for (i = 1; i <= count; i++) wanted[node[i]] = 1 }
      $1 in wanted && $5 == "" { print $1, $2, $3 == "" ? "-" : $3, $4 }'
}

# The controller may make a pod of the old template while it has not seen the new one: such a one goes, too.
are_replaced() {
  found=$(pods) || return 1
  outdated=$(printf '%s\n' "$found" | awk -v id="$restart_id" 'NF && $3 != id { print $2 }')
  for pod in $outdated; do kubectl -n kube-system delete pod "$pod" --wait=false >/dev/null || return 1; done
  waiting=
  for node in $NODES; do
    printf '%s\n' "$found" | awk -v node="$node" -v id="$restart_id" \
      '$1 == node && $3 == id && $4 == "true" { found = 1 } END { exit !found }' || waiting="$waiting $node"
  done
  [ -z "$waiting" ]
}

wait_until "$WAIT_SECONDS" are_replaced || {
  unready kube-system k8s-app=kube-proxy >&2
  fail "kube-proxy did not get ready within ${WAIT_SECONDS} s on$waiting. No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies"
}
say "kube-proxy runs anew on $NODES"

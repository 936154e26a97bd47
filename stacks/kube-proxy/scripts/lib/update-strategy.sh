# kube-proxy's DaemonSet replaces no pod by itself while a roll goes on (OnDelete), or its controller would go from node to
# node with nobody looking: kubeadm's has no readiness probe. What its strategy was is kept in an annotation of it, in
# one call with the change. Stands in front of the scripts that need it.
. ../../../shared/scripts/lib/kubectl.sh

strategy_annotation=baremetal-lb/update-strategy

daemon_set() {
  kubectl -n kube-system get daemonset kube-proxy -o "jsonpath=$1"
}

patch_daemon_set() {
  kubectl -n kube-system patch daemonset kube-proxy --type merge -p "$1" >/dev/null
}

# strategy_json "TYPE MAX_UNAVAILABLE MAX_SURGE": the strategy as the API has it. The words come from an annotation: what is
# none of them is refused. MAX_SURGE, from Kubernetes 1.21 on, may be missing.
strategy_json() {
  # shellcheck disable=SC2086 # words
  set -- $1
  case $* in
    OnDelete*) printf '{"type":"OnDelete","rollingUpdate":null}' ;;
    RollingUpdate*)
      for number in "${2-}" "${3-}"; do
        case ${number%\%} in *[!0-9]*) return 1 ;; esac
      done
      printf '{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":%s,"maxSurge":%s}}' \
        "$(number_json "${2-}")" "$(number_json "${3-}")"
      ;;
    *) return 1 ;;
  esac
}

# number_json TEXT: 1, "10%", or null for none.
number_json() {
  case $1 in
    '') printf null ;;
    *%) printf '"%s"' "$1" ;;
    *) printf '%s' "$1" ;;
  esac
}

# with_strategy STRATEGY [TEMPLATE]: sets another strategy for the time of a roll, and with it what TEMPLATE, part of a JSON
# object, has of the pods' template.
with_strategy() {
  kept=$(daemon_set "{.metadata.annotations.$strategy_annotation}")
  if [ -z "$kept" ]; then
    # A roll that was broken off has kept it already. Single values, since kubectl before 1.19 prints objects in Go's way.
    of=.spec.updateStrategy
    kept=$(daemon_set "{$of.type} {$of.rollingUpdate.maxUnavailable} {$of.rollingUpdate.maxSurge}")
  fi
  strategy_json "$kept" >/dev/null || fail "the annotation $strategy_annotation of kube-proxy's DaemonSet is '$kept', which is no update strategy: remove it"
  patch_daemon_set "{\"metadata\":{\"annotations\":{\"$strategy_annotation\":\"$kept\"}},\"spec\":{${2-}\"updateStrategy\":$1}}"
}

# hold: no pod is replaced by itself from now on.
hold() {
  [ "$(daemon_set '{.spec.updateStrategy.type}')" = OnDelete ] || with_strategy "$(strategy_json OnDelete)"
}

# release: the strategy of before.
release() {
  kept=$(daemon_set "{.metadata.annotations.$strategy_annotation}")
  [ -n "$kept" ] || return 0
  strategy=$(strategy_json "$kept") || fail "the annotation $strategy_annotation of kube-proxy's DaemonSet is '$kept', which is no update strategy: set spec.updateStrategy by hand and remove it"
  patch_daemon_set "{\"metadata\":{\"annotations\":{\"$strategy_annotation\":null}},\"spec\":{\"updateStrategy\":$strategy}}"
}

# await_pods: waits until every pod has the current template and is ready, one after the other at the slowest.
await_pods() {
  seconds=$((60 + 60 * $(daemon_set '{.status.desiredNumberScheduled}')))
  is_rolled_out "$seconds" kube-system daemonset/kube-proxy
}

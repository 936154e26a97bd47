# Waits for MetalLB's pods. Stands in front of the scripts that need them.
# WAIT_SECONDS: bound of the wait for the pods.

wait_for_metallb() {
  give_up_at=$(($(date +%s) + WAIT_SECONDS))
  if ! is_rolled_out "$WAIT_SECONDS" metallb-system deployment/controller ||
    ! is_rolled_out "$(seconds_left "$WAIT_SECONDS")" metallb-system daemonset/speaker; then
    give_up_at=
    unready metallb-system app=metallb >&2
    fail "MetalLB did not get ready within ${WAIT_SECONDS} s: mend the cause named above, then deploy metallb again"
  fi
  give_up_at=
}

# metallb_pods: the names of the pods that run.
metallb_pods() {
  kubectl -n metallb-system get pods -l app=metallb --field-selector status.phase=Running -o 'jsonpath={.items[*].metadata.name}'
}

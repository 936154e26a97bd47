# Waits for MetalLB's pods. Stands in front of the scripts that need them.
# WAIT_SECONDS: bound of the wait for the pods.

wait_for_metallb() {
  if ! timeout "$((WAIT_SECONDS + 10))" kubectl -n metallb-system rollout status deployment/controller --timeout="${WAIT_SECONDS}s" ||
    ! timeout "$((WAIT_SECONDS + 10))" kubectl -n metallb-system rollout status daemonset/speaker --timeout="${WAIT_SECONDS}s"; then
    unready metallb-system app=metallb >&2
    fail "MetalLB did not get ready within ${WAIT_SECONDS} s: mend the cause named above, then deploy metallb again"
  fi
}

# metallb_pods: the names of the pods that run.
metallb_pods() {
  kubectl -n metallb-system get pods -l app=metallb --field-selector status.phase=Running -o 'jsonpath={.items[*].metadata.name}'
}

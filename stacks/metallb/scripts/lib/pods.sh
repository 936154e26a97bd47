# MetalLB's pods. Stands in front of the scripts that need them.
# WAIT_SECONDS: bound of the wait for the pods.

# metallb_image: the controller's; nothing where there is none.
metallb_image() {
  kubectl -n metallb-system get deployment controller --ignore-not-found -o 'jsonpath={.spec.template.spec.containers[0].image}'
}

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

# metallb_pods: a line for each pod that runs and is not on its way out: name, uid, component.
metallb_pods() {
  listed=$(kubectl -n metallb-system get pods -l app=metallb --field-selector status.phase=Running \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.uid}{" "}{.metadata.labels.component}{" "}{.metadata.deletionTimestamp}{"\n"}{end}') || return 1
  printf '%s\n' "$listed" | awk 'NF == 3'
}

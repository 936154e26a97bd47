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

count_metallb_pods() { metallb_pods | awk 'END { print NR }'; }

# restart_older TIME SELECTOR: deletes the pods that are not younger, all at the same time, and sets restarted to how many
# they were. Times of Kubernetes have whole seconds, and sort as text. What is on its way out has a third word.
restart_older() {
  listed=$(kubectl -n metallb-system get pods -l "$2" \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.creationTimestamp}{" "}{.metadata.deletionTimestamp}{"\n"}{end}') ||
    fail "kubectl cannot list MetalLB's pods, it says why above: deploy again"
  older=$(printf '%s\n' "$listed" | awk -v made="$1" 'NF == 2 && $2 <= made { print $1 }')
  # shellcheck disable=SC2086 # words
  set -- $older
  restarted=$#
  [ "$restarted" -eq 0 ] || kubectl -n metallb-system delete pods --wait=false --ignore-not-found "$@" >/dev/null ||
    fail "kubectl cannot delete MetalLB's older pods, it says why above: deploy again"
}

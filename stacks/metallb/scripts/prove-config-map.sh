# Runs on a control-plane node after MetalLB's objects changed: waits until the controller and every speaker run, and
# until each of them has taken the configuration. A configuration that MetalLB refuses is only logged by it, and the
# old one stays in force.
# SETTLE_SECONDS: how long a pod may take to see a changed ConfigMap.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh

wait_for_metallb

# config_event POD: the last thing the pod said of its configuration, configLoaded or configStale.
config_event() {
  kubectl -n metallb-system logs "$1" | grep -oE '"event":"config(Loaded|Stale)"' | tail -n 1 | cut -d '"' -f 4
}

has_loaded() {
  [ "$(config_event "$1")" = configLoaded ]
}

sleep "$SETTLE_SECONDS"
pods=$(metallb_pods)
for pod in $pods; do
  wait_until 30 has_loaded "$pod" || {
    kubectl -n metallb-system logs "$pod" | grep '"error"' | tail -n 5 | sed "s/^/  $pod: /" >&2
    fail "pod $pod did not take the configuration in ConfigMap metallb-system/config, it says why above: the addresses stay as they were"
  }
done
say "MetalLB's controller and speakers run, and have taken the configuration"

# Runs on a control-plane node after the address pools changed: waits until MetalLB's pods have taken them. Where they
# are of MetalLB 0.9 to 0.12, or not there yet, the stack metallb comes next and proves it.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh
. ./lib/configuration-taken.sh

# restart_blind_pods: a pod that is older than a CRD watches the kind that is gone. It asks for the new one more and more
# seldom, up to a minute apart (client-go's backoff), and its metrics say meanwhile that all is well. A controller that
# starts anew finds the pools, and leaves the Services the addresses that they have.
restart_blind_pods() {
  made=$(kubectl get crds --ignore-not-found ipaddresspools.metallb.io l2advertisements.metallb.io \
    bgpadvertisements.metallb.io bgppeers.metallb.io bfdprofiles.metallb.io communities.metallb.io \
    -o 'jsonpath={range .items[*]}{.metadata.creationTimestamp}{"\n"}{end}') ||
    fail "kubectl cannot read MetalLB's CRDs, it says why above: deploy address-pools again"
  before=$(count_metallb_pods)
  restart_older "$(printf '%s\n' "$made" | sort | tail -n 1)" app=metallb
  [ "$restarted" -gt 0 ] || return 0
  say "MetalLB's CRDs were made anew: restarted $restarted pods that watched those before"
  wait_until "$WAIT_SECONDS" are_as_many "$before" || true
  wait_for_metallb
}

are_as_many() { [ "$(count_metallb_pods)" -ge "$1" ]; }

image=$(metallb_image) || fail "kubectl cannot read Deployment metallb-system/controller, it says why above: deploy address-pools again"
case $image in
  '' | *:v0.9.* | *:v0.1[0-2].*) say "the address pools are written; MetalLB takes them when the stack metallb is deployed" ;;
  *)
    wait_for_metallb
    restart_blind_pods
    all_have_taken "the address pools"
    say "MetalLB's controller and speakers have taken the address pools"
    ;;
esac

# Runs on a control-plane node after the address pools changed: waits until MetalLB's pods have taken them. Where they
# are of MetalLB 0.9, or not there yet, the stack metallb comes next and proves it.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh
. ./lib/configuration-taken.sh

image=$(metallb_image) || fail "kubectl cannot read Deployment metallb-system/controller, it says why above: deploy address-pools again"
case $image in
  '' | *:v0.9.*) say "the address pools are written; MetalLB takes them when the stack metallb is deployed" ;;
  *)
    wait_for_metallb
    all_have_taken "the address pools"
    say "MetalLB's controller and speakers have taken the address pools"
    ;;
esac

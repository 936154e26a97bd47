# Runs on a control-plane node after the objects of MetalLB 0.13 or later changed: waits until the controller and every
# speaker run and have taken the address pools, and until the controller's webhook answers, without which Kubernetes
# accepts no change of a pool.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh
. ./lib/configuration-taken.sh
. ./lib/webhook.sh

wait_for_metallb
all_have_taken "the address pools"

wait_for_webhook metallb
say "MetalLB's controller and speakers run and have taken the address pools, its webhook answers"

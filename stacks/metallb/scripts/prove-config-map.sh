# Runs on a control-plane node after MetalLB's objects changed: waits until the controller and every speaker run, and
# until each of them has taken the configuration.
# SETTLE_SECONDS: how long a pod may take to see a changed ConfigMap.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh
. ./lib/configuration-taken.sh

wait_for_metallb
all_have_taken "the configuration in ConfigMap metallb-system/config"
say "MetalLB's controller and speakers run, and have taken the configuration"

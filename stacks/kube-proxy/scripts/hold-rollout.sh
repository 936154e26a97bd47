# Runs on a control-plane node before kube-proxy's pod template gets a new restart id: the pods stay as they are until
# roll-nodes.sh replaces them, node by node, also where the apply is killed before that.
. ../../shared/scripts/lib/preamble.sh
. ./lib/update-strategy.sh

hold
say "kube-proxy's pods are replaced node by node from now on"

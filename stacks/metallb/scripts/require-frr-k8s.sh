# Runs on a control-plane node before the speakers are made or changed: waits until frr-k8s runs on every node. A speaker
# that starts hands its BGP sessions over to it.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/frr-k8s.sh

wait_for_frr_k8s
say "frr-k8s runs on every node, so that the speakers can hand their BGP sessions over to it"

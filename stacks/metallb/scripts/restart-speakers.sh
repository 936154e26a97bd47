# Runs on a control-plane node after the Secret with the memberlist's key was made, and the speakers' DaemonSet after it:
# restarts the speakers that are older than the Secret, all at the same time.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh

made=$(kubectl -n metallb-system get secret memberlist -o 'jsonpath={.metadata.creationTimestamp}') ||
  fail "kubectl cannot read Secret metallb-system/memberlist, it says why above: deploy metallb again"
restart_older "$made" app=metallb,component=speaker
if [ "$restarted" -eq 0 ]; then
  say "no speaker is older than the memberlist's key"
else
  say "the memberlist has another key: restarted $restarted speakers at the same time"
fi

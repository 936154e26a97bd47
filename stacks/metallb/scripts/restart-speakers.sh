# Runs on a control-plane node after the Secret with the memberlist's key was made, and the speakers' DaemonSet after it:
# restarts the speakers that are older than the Secret, all at the same time.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh

made=$(kubectl -n metallb-system get secret memberlist -o 'jsonpath={.metadata.creationTimestamp}') ||
  fail "kubectl cannot read Secret metallb-system/memberlist, it says why above: deploy metallb again"
listed=$(kubectl -n metallb-system get pods -l app=metallb,component=speaker \
  -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.creationTimestamp}{" "}{.metadata.deletionTimestamp}{"\n"}{end}') ||
  fail "kubectl cannot list MetalLB's speakers, it says why above: deploy metallb again"

# Times of Kubernetes have whole seconds, and sort as text. What is on its way out has a third word.
older=$(printf '%s\n' "$listed" | awk -v made="$made" 'NF == 2 && $2 <= made { print $1 }')
if [ -z "$older" ]; then
  say "no speaker is older than the memberlist's key"
  exit
fi
# shellcheck disable=SC2086 # words
kubectl -n metallb-system delete pods --wait=false --ignore-not-found $older >/dev/null ||
  fail "kubectl cannot delete the speakers that have another memberlist key, it says why above: deploy metallb again"
# shellcheck disable=SC2086 # words
set -- $older
say "the memberlist has another key: restarted $# speakers at the same time"

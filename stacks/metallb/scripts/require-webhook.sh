# Runs on a control-plane node before the address pools change: waits until MetalLB's webhook answers. It is silent for
# minutes after the controller's node died.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/webhook.sh

# shows WHAT KUBECTL'S_WORDS...: what kubectl says of an object, nothing where there is none.
shows() {
  what=$1
  shift
  kubectl "$@" --ignore-not-found || fail "kubectl cannot read $what, it says why above: deploy address-pools again"
}

configuration=validatingwebhookconfiguration/metallb-webhook-configuration
service=$(shows "$configuration" get "$configuration" -o 'jsonpath={.webhooks[0].clientConfig.service.name}')
if [ -z "$service" ]; then
  say "there is no webhook of MetalLB yet that judges the address pools"
  exit
fi
found=$(shows "Service metallb-system/$service" -n metallb-system get service "$service" -o name)
if [ -n "$found" ]; then
  wait_for_webhook address-pools
  say "MetalLB's webhook answers"
else
  # The namespace was deleted. The configuration, which is in none, stayed, and refuses every pool in the name of a Service
  # that is gone; and MetalLB is not to come back before its pools are there.
  kubectl delete "$configuration" >/dev/null ||
    fail "kubectl cannot delete $configuration, whose Service metallb-system/$service is gone, so that every pool is refused: delete it, then deploy address-pools again"
  say "took $configuration away, whose Service metallb-system/$service is gone; the stack metallb makes both again"
fi

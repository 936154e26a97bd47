# The webhook of MetalLB's controller, without which Kubernetes accepts no change of a pool. Stands in front of the scripts
# that need it.

# Not written: the API server asks the webhook, and stops there. 192.0.2.0/24 is for documentation (RFC 5737).
ask_webhook() {
  kubectl create --dry-run=server -f - <<POOL 2>&1
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: baremetal-lb-asks-the-webhook, namespace: metallb-system }
spec: { addresses: [192.0.2.1/32] }
POOL
}

webhook_answers() {
  answer=$(ask_webhook) && return
  case $answer in
    # It answers, whatever it has against the pools that are there.
    *'denied the request'*) return 0 ;;
    *) return 1 ;;
  esac
}

# wait_for_webhook STACK: STACK is to be deployed again once the cause is mended.
wait_for_webhook() {
  wait_until "$WAIT_SECONDS" webhook_answers || {
    printf '%s\n' "$answer" | sed 's/^/  /' >&2
    fail "MetalLB's webhook does not answer after ${WAIT_SECONDS} s: mend the cause named above, then deploy $1 again"
  }
}

# Runs on a control-plane node after the objects of MetalLB with frr-k8s changed: waits until the controller and every speaker
# run and have taken the address pools, until both webhooks answer, and until FRR has taken on every node what the speakers
# made of the pools. Whether a router accepts a session is not asked: it may be another team's to make.
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/kubectl.sh
. ./lib/pods.sh
. ./lib/configuration-taken.sh
. ./lib/webhook.sh
. ./lib/frr-k8s.sh

wait_for_metallb
all_have_taken "the address pools"

wait_for_webhook metallb
wait_for_frr_k8s
wait_until "$WAIT_SECONDS" frr_k8s_webhook_answers || {
  printf '%s\n' "$answer" | sed 's/^/  /' >&2
  fail "frr-k8s' webhook does not answer after ${WAIT_SECONDS} s, so that no speaker can change a BGP session: mend the cause named above, then deploy metallb again"
}
# Its daemons look at FRR every 30 s, and say until then what they saw before.
sleep 35
wait_until 60 frr_takes || fail "frr-k8s did not take the configuration of the speakers: $why"
say "MetalLB's controller and speakers run and have taken the address pools, frr-k8s has taken what they made of them, and the webhooks of both answer"

# Runs on a control-plane node when the stack is destroyed, before Terraform lets go of the ConfigMap: puts the
# original values of mode, strictARP and scheduler back into the live configuration and leaves every other key as it
# is. Another field manager than Terraform's takes config.conf over, so that Terraform's own delete then removes
# nothing. Then the restart annotation goes, which rolls the pods.
# MAX_UNAVAILABLE: how many pods the roll replaces at a time.
# ORIGINAL_CONFIGMAP: name of the ConfigMap that keeps the original values and a text to fall back on.
. ../../shared/scripts/lib/preamble.sh
. ./lib/update-strategy.sh

scratch=$(mktemp -d)

kubectl -n kube-system get configmap kube-proxy -o 'jsonpath={.data.config\.conf}' >"$scratch/live.yaml"
settings=$(kubectl -n kube-system get configmap "$ORIGINAL_CONFIGMAP" -o 'jsonpath={.data.settings\.json}')
[ -n "$settings" ] || fail "ConfigMap kube-system/$ORIGINAL_CONFIGMAP holds no settings.json, kube-proxy was not touched: deploy kube-proxy once more, then destroy it"

# A merge patch on the file alone: kubectl's own YAML reader and writer, no call to the API.
if ! kubectl patch --local -f "$scratch/live.yaml" --type merge -p "$settings" -o yaml >"$scratch/config.conf"; then
  say "the live config.conf cannot be read, the text of the last deploy is restored instead" >&2
  kubectl -n kube-system get configmap "$ORIGINAL_CONFIGMAP" -o 'jsonpath={.data.config\.conf}' >"$scratch/config.conf"
fi
# In quotes where Terraform wrote it.
grep -qE '^"?kind"?: *"?KubeProxyConfiguration"? *$' "$scratch/config.conf" || fail "the text to restore is no KubeProxyConfiguration, kube-proxy was not touched"

kubectl -n kube-system create configmap kube-proxy --from-file="$scratch/config.conf" --dry-run=client -o yaml |
  kubectl apply --server-side --force-conflicts --field-manager=baremetal-lb-restore -f -
say "kube-proxy has its original settings again: $settings"

# With the annotation gone the template is that of before: pods that a roll which was broken off never replaced stay.
if [ -n "$(daemon_set '{.spec.template.metadata.annotations.baremetal-lb/restart-id}')" ]; then
  with_strategy "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxSurge\":null,\"maxUnavailable\":$MAX_UNAVAILABLE}}" \
    '"template":{"metadata":{"annotations":{"baremetal-lb/restart-id":null}}},'
  rolled=true
  await_pods || rolled=false
  release
  if [ "$rolled" = false ]; then
    unready kube-system k8s-app=kube-proxy >&2
    fail "kube-proxy did not get ready within ${seconds} s with its original settings: see its pods above, then destroy again"
  fi
else
  release
fi

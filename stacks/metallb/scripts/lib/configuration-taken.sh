# Whether MetalLB's pods have taken the custom resources. Stands in front of the scripts that need it.
# SETTLE_SECONDS: how long a pod may take to see a change.

# config_event POD: the last line in which the pod says that it took a configuration, or why it did not. That it could not
# tell so to the API server (MetalLB 0.15.3 and later, whose first report may come before the object for it) is neither.
config_event() {
  kubectl -n metallb-system logs "$1" | grep -E '"controller":"(Config|Pool)Reconciler"' |
    grep -v 'failed to report condition' | grep -E '"event":"config reloaded"|"level":"error"' | tail -n 1
}

# has_taken POD SILENT
has_taken() {
  event=$(config_event "$1")
  case $event in
    *'"config reloaded"'*) return 0 ;;
    '') [ "$2" != refused ] ;;
    *) return 1 ;;
  esac
}

# all_have_taken SILENT: waits until each pod has taken the configuration. A configuration that MetalLB refuses is only
# logged by it, and the old one stays in force. SILENT: what is said of a pod whose log has no such line, refused or
# accepted; a pod that was not restarted says nothing of a change that it need not know, and logs are rotated.
all_have_taken() {
  sleep "$SETTLE_SECONDS"
  for pod in $(metallb_pods); do
    wait_until 30 has_taken "$pod" "$1" || {
      printf '%s\n' "$event" | sed "s/^/  $pod: /" >&2
      fail "pod $pod did not take the address pools, it says why above: the addresses stay as they were"
    }
  done
}

# Asks the kube-proxy of this node about itself. Stands in front of the scripts that need it.

# ask_proxy PATH...: prints what the kube-proxy of this node answers, or nothing while it does not.
# The port is that of kube-proxy's metrics, open on the loopback address by default.
ask_proxy() {
  for path in "$@"; do
    set -- "$@" "http://127.0.0.1:10249$path"
    shift
  done
  if command -v curl >/dev/null 2>&1; then
    curl -fsS --noproxy '*' --max-time 5 "$@" 2>/dev/null || true
  elif command -v wget >/dev/null 2>&1; then
    wget --no-proxy -q -T 5 -t 1 -O - "$@" 2>/dev/null || true
  else
    fail "neither curl nor wget is here to ask kube-proxy for its mode: install one of them"
  fi
}

# proxy_mode: the mode that runs (iptables, ipvs, nftables).
proxy_mode() {
  ask_proxy /proxyMode
}

# proxy_log: the last lines that kube-proxy wrote on this node.
proxy_log() {
  # shellcheck disable=SC2012 # kubelet's own names, without spaces
  newest=$(ls -t "$ROOT"/var/log/pods/kube-system_kube-proxy-*/kube-proxy/*.log 2>/dev/null | head -n 1)
  if [ -n "$newest" ]; then tail -n 20 "$newest"; else echo "(no log of kube-proxy in /var/log/pods)"; fi
}

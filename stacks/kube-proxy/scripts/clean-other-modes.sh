# Runs on every node after kube-proxy was proven in its declared mode: takes away what its other modes left behind, such
# as the mode before the change. kube-proxy itself does so only between nftables and the others (platformCleanup in
# cmd/kube-proxy/app/server_linux.go).
# MODE: as declared.
. ../../shared/scripts/lib/preamble.sh
. ./lib/ask-kube-proxy.sh
. ./lib/other-modes.sh

running=$(proxy_mode)
[ "$running" = "$MODE" ] ||
  fail "kube-proxy runs in mode ${running:-unknown (it does not answer)}, declared is $MODE, and nothing was cleaned: deploy kube-proxy again"
if [ "$MODE" = ipvs ]; then
  mkdir -p "$folder"
  : >"$ipvs_was_here"
  put_back_arp
fi
clean_up "$MODE" "deploy kube-proxy again"
say "nothing is left of another mode of kube-proxy than $MODE"

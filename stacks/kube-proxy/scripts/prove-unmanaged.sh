# Runs on every node of a cluster whose kube-proxy this project does not manage: changes nothing, and proves that
# MetalLB can work with what is there. In IPVS mode that takes strictARP, or every node answers for every layer2 address.
. ../../shared/scripts/lib/preamble.sh
. ./lib/ask-kube-proxy.sh

sysctls=$ROOT/proc/sys/net/ipv4/conf/all
mode=$(proxy_mode)
ipvs=false
# A kube-proxy in IPVS mode may keep its metrics port closed; its interface shows it.
if [ "$mode" = ipvs ] || { [ -z "$mode" ] && [ -e "$ROOT/sys/class/net/kube-ipvs0" ]; }; then ipvs=true; fi
if [ "$ipvs" = true ]; then
  for wanted in arp_ignore=1 arp_announce=2; do
    is=$(cat "$sysctls/${wanted%=*}")
    [ "$is" = "${wanted#*=}" ] ||
      fail "kube-proxy runs in IPVS mode without strictARP (net.ipv4.conf.all.${wanted%=*} is $is), so that every node would answer for MetalLB's layer2 addresses: set it where kube-proxy gets its settings. k3s and RKE2: 'kube-proxy-arg: [proxy-mode=ipvs, ipvs-strict-arp=true]' in /etc/rancher/k3s/config.yaml or /etc/rancher/rke2/config.yaml, then restart the service. Nothing was changed"
  done
fi
case $mode in
  ipvs) say "kube-proxy runs in mode ipvs with strictARP, MetalLB works with it" ;;
  ?*) say "kube-proxy runs in mode $mode, MetalLB works with it" ;;
  *)
    if [ "$ipvs" = true ]; then
      say "kube-proxy does not answer at $(asked_addresses); there is kube-ipvs0, with strictARP, MetalLB works with it"
    elif [ -e "$ROOT/sys/class/net/cilium_host" ]; then
      say "no kube-proxy answers at $(asked_addresses); there is Cilium, which may stand in its place"
    else
      say "no kube-proxy answers at $(asked_addresses), and there is no kube-ipvs0"
    fi
    ;;
esac

# Looks for the Service kubernetes in the rules of this node. Stands in front of the scripts that need it.
# API_SERVICE: its address and port, as ipvsadm prints them: 10.96.0.1:443, [fd00::1]:443.

# api_service_rules MODE: whether the rules of iptables or nftables mode have the Service kubernetes: present, missing,
# or unknown where the node has no tool to list them. kube-proxy brings its own.
api_service_rules() {
  address=${API_SERVICE%:*}
  port=${API_SERVICE##*:}
  case $address in
    \[*\]) address=${address#?} address=${address%?} iptables=ip6tables length=128 family=ip6 ;;
    *) iptables=iptables length=32 family=ip ;;
  esac
  found=unknown
  if [ "$1" = nftables ]; then
    command -v nft >/dev/null 2>&1 || { echo "$found" && return; }
    found=missing
    ! nft list map "$family" kube-proxy service-ips 2>/dev/null | grep -qF "$address . tcp . $port " || found=present
  else
    for save in "$iptables-save" "$iptables-nft-save" "$iptables-legacy-save"; do
      command -v "$save" >/dev/null 2>&1 || continue
      [ "$found" = present ] || found=missing
      ! "$save" -t nat 2>/dev/null | grep -F -- "-A KUBE-SERVICES -d $address/$length " |
        grep -qE -- "--dport $port .*-j KUBE-SVC-" || found=present
    done
  fi
  echo "$found"
}

# Looks at a node with one Service in mind, beside all that probe-node.sh looks at, and changes nothing.
# SERVICES: its addresses with its ports of TCP, 192.168.1.240:80 or [fd00::1]:80. ENDPOINTS: those of its endpoints that
# this node is to ask, in the same form.
. ./probe-node.sh

# destinations ADDRESS:PORT: to how many endpoints IPVS sends what comes there, or missing.
destinations() {
  # shellcheck disable=SC2002 # without the module ip_vs there is no such file, and awk would end without an answer
  cat "$ROOT/proc/net/ip_vs" 2>/dev/null | awk -v wanted="$1" "$address_digits"'
    BEGIN {
      port = wanted
      sub(/.*:/, "", port)
      address = substr(wanted, 1, length(wanted) - length(port) - 1)
      gsub(/[][]/, "", address)
      key = digits(address) sprintf(":%04X", port)
    }
    $1 ~ /^(TCP|UDP|SCTP|FWM)$/ {
      server = $2
      sub(/:[0-9A-F]+$/, "", server)
      gsub(/[][]/, "", server)
      here = $1 == "TCP" && digits(server) substr($2, length($2) - 4) == key
      if (here) found = 1
    }
    $1 == "->" && here && $4 > 0 { count++ }
    END { print found ? count + 0 : "missing" }'
}

# rules_of ADDRESS:PORT MODE: whether the rules of iptables or nftables mode have it: present, missing, or unknown.
rules_of() {
  if [ "$2" = nftables ]; then
    API_SERVICE=$1 api_service_rules nftables
    return
  fi
  address=${1%:*}
  case $address in
    \[*\]) address=${address#?} address=${address%?} iptables=ip6tables length=128 ;;
    *) iptables=iptables length=32 ;;
  esac
  found=unknown
  for save in "$iptables-save" "$iptables-nft-save" "$iptables-legacy-save"; do
    command -v "$save" >/dev/null 2>&1 || continue
    [ "$found" = present ] || found=missing
    ! "$save" -t nat 2>/dev/null | grep -F -- "-A KUBE-SERVICES -d $address/$length " |
      grep -qE -- "--dport ${1##*:} .*-j KUBE-(EXT|FW|SVC|XLB)-" || found=present
  done
  echo "$found"
}

# input_rules ADDRESS:PORT: what INPUT does with what comes there, where that is to drop it: the policy, and the first rule
# that names the address or the port. In IPVS mode the traffic of Services passes it.
input_rules() {
  address=${1%:*}
  case $address in
    \[*\]) address=${address#?} address=${address%?} iptables=ip6tables ;;
    *) iptables=iptables ;;
  esac
  for save in "$iptables-save" "$iptables-nft-save" "$iptables-legacy-save"; do
    command -v "$save" >/dev/null 2>&1 || continue
    "$save" -t filter 2>/dev/null | awk -v address="$address" -v port="${1##*:}" '
      $1 == ":INPUT" && $2 == "DROP" { print "input policy DROP" }
      $1 == "-A" && $2 == "INPUT" && / -j (DROP|REJECT)( |$)/ && !told {
        line = $0 " "
        if (index(line, " -d " address "/") || line ~ (" --dports? ([0-9,:]*,)?" port "[ ,]")) {
          print "input rule " $0
          told = 1
        }
      }'
  done
}

# takes_connections ADDRESS:PORT: whether an endpoint does: answers, silent, or unknown. Whatever is spoken there, a
# connection that is made is an answer. busybox's wget does not tell.
takes_connections() {
  if command -v curl >/dev/null 2>&1; then
    if curl -g -v -o /dev/null --noproxy '*' --connect-timeout 2 --max-time 3 "http://$1/" 2>&1 |
      grep -qiE 'connected to|established connection'; then
      echo answers
    else
      echo silent
    fi
  elif wget --version 2>/dev/null | grep -q GNU; then
    status=0
    wget --no-proxy -q -T 2 -t 1 -O /dev/null "http://$1/" 2>/dev/null || status=$?
    if [ "$status" = 4 ]; then echo silent; else echo answers; fi
  else
    echo unknown
  fi
}

for service in $SERVICES; do
  case ${mode:-$MODE} in
    ipvs)
      echo "service $service $(destinations "$service")"
      input_rules "$service"
      ;;
    iptables | nftables) echo "service $service $(rules_of "$service" "${mode:-$MODE}")" ;;
  esac
done

for link in "$ROOT"/sys/class/net/*; do
  [ ! -e "$link" ] || echo "link ${link##*/} present"
done

for endpoint in $ENDPOINTS; do
  echo "endpoint $endpoint $(takes_connections "$endpoint")" &
done
wait

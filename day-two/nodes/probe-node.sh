# Looks at a node and changes nothing: prints what it finds, one fact a line: kind, name, value.
# MODE: as declared. NODE_ADDRESS: the node's address in cluster.yaml. API_SERVICE: address and port of the Service
# kubernetes.
. ../../stacks/shared/scripts/lib/environment.sh
. ../../stacks/nodes/scripts/lib/node-needs.sh
. ../../stacks/nodes/scripts/lib/firewalld.sh
. ../../stacks/kube-proxy/scripts/lib/ask-kube-proxy.sh
. ../../stacks/kube-proxy/scripts/lib/ipvs-table.sh
. ../../stacks/kube-proxy/scripts/lib/api-service-rules.sh

for tool in $tools; do
  if command -v "$tool" >/dev/null 2>&1; then echo "tool $tool present"; else echo "tool $tool missing"; fi
done

for module in $modules; do
  if is_built_in "$module"; then
    echo "module $module built-in"
  elif is_loaded "$module"; then
    echo "module $module loaded"
  else
    echo "module $module not-loaded"
  fi
done

# shellcheck disable=SC2086 # words
denied $loadable | sed 's/^/denied /'

print_file() {
  if [ ! -e "$ROOT$1" ]; then
    echo "file $1 missing"
  elif is_as_written "$@"; then
    echo "file $1 as-written"
  else
    echo "file $1 changed"
  fi
}
each_file print_file

if firewalld_runs; then
  zone=$(memberlist_zone)
  for port in $memberlist_ports; do
    now=closed
    later=closed
    ! is_open "$zone" "$port" || now=open
    ! is_open "$zone" "$port" --permanent || later=open
    case "$now $later" in
      "open open") echo "port $port open" ;;
      "open closed") echo "port $port open-until-reload" ;;
      "closed open") echo "port $port open-after-reload" ;;
      *) echo "port $port closed" ;;
    esac
  done
fi

# The mode is a word, the configuration a JSON object.
proxy=$(ask_proxy /proxyMode /configz)
mode=${proxy%%\{*}
echo "proxy mode $mode"
[ -n "$mode" ] || echo "proxy asked $(asked_addresses)"
printf 'proxy config %s\n' "${proxy#"$mode"}"

# cat, not read: the kernel gives such a file in one piece only, and read asks for one character at a time.
sysctls=$ROOT/proc/sys/net/ipv4/conf/all
# shellcheck disable=SC2046 # words
set -- $(cat "$sysctls/arp_ignore" "$sysctls/arp_announce")
echo "sysctl net.ipv4.conf.all.arp_ignore $1"
echo "sysctl net.ipv4.conf.all.arp_announce $2"

if [ -e "$ROOT/sys/class/net/kube-ipvs0" ]; then
  echo "interface kube-ipvs0 present"
else
  echo "interface kube-ipvs0 missing"
fi
case $MODE in
  ipvs)
    if has_virtual_server "$API_SERVICE"; then
      echo "virtual-server $API_SERVICE present"
    else
      echo "virtual-server $API_SERVICE missing"
    fi
    ;;
  iptables | nftables) echo "rules $API_SERVICE $(api_service_rules "$MODE")" ;;
esac

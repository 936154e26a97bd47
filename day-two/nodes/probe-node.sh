# Looks at a node and changes nothing: prints what it finds, one fact a line: kind, name, value.
# MODE: as declared. NODE_ADDRESS: the node's address in cluster.yaml. API_SERVICE: address and port of the Service
# kubernetes.
. ../../stacks/shared/scripts/lib/environment.sh
. ../../stacks/nodes/scripts/lib/node-needs.sh
. ../../stacks/nodes/scripts/lib/defaults/memberlist_ports.sh
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

# variable PROCESS NAME: its value as it was when the process started. Line breaks change places with what ends a variable.
variable() {
  tr '\n\000' '\001\n' <"$1/environ" | sed -n "s/^$2=//p" | tr -d '\n' | tr '\001' '\n'
}

hash_of() {
  sha256sum | cut -d ' ' -f 1
}

# file_changed_since_start PROCESS FILE: a Secret's volume changes by the link ..data, whose time is that of the change.
file_changed_since_start() {
  link=${2%/*}/..data
  [ -L "$link" ] || link=$2
  booted=$(sed -n 's/^btime //p' "$ROOT/proc/stat")
  # Field 22 of the whole line, in hundredths of a second; the second one, in parentheses, may hold spaces.
  ticks=$(sed 's/^.*) //' "$1/stat" | cut -d ' ' -f 20)
  [ "$(stat -c %Y "$link")" -gt $((booted + ticks / 100)) ]
}

# The memberlist's key that each speaker of MetalLB started with, by its hash. Up to 0.12 it is a variable, from 0.13 on a
# file, of which nothing tells what a speaker read where it was changed since.
# shellcheck disable=SC2013 # paths without spaces
for comm in $(grep -lx speaker "$ROOT"/proc/[0-9]*/comm 2>/dev/null); do
  process=${comm%/comm}
  folder=$(variable "$process" METALLB_ML_SECRET_KEY_PATH)
  file=$process/root$folder/secretkey
  if [ -z "$folder" ]; then
    hash=$(variable "$process" METALLB_ML_SECRET_KEY | hash_of)
  elif [ ! -r "$file" ] || file_changed_since_start "$process" "$file"; then
    hash=unknown
  else
    hash=$(hash_of <"$file")
  fi
  echo "speaker ${process##*/} $hash"
done

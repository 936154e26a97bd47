# shellcheck disable=SC2154 # assigned in ipvs-needs.sh
# Looks at a node and changes nothing: prints what it finds, one fact a line: kind, name, value.
# API_SERVICE: address and port of the Service kubernetes, as ipvsadm prints it.

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

echo "proxy mode $(proxy_mode)"
echo "proxy config $(ask_proxy /configz | tr -d '\n')"

for key in arp_ignore arp_announce; do
  echo "sysctl net.ipv4.conf.all.$key $(cat "$ROOT/proc/sys/net/ipv4/conf/all/$key")"
done
if [ -e "$ROOT/sys/class/net/kube-ipvs0" ]; then
  echo "interface kube-ipvs0 present"
else
  echo "interface kube-ipvs0 missing"
fi
if { ipvsadm -Ln 2>/dev/null || true; } | grep -qF "TCP  $API_SERVICE "; then
  echo "virtual-server $API_SERVICE present"
else
  echo "virtual-server $API_SERVICE missing"
fi

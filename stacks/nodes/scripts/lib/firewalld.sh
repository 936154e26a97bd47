# firewalld, where it runs, keeps MetalLB's speakers from finding each other. Other firewalls are their owners' matter.
# NODE_ADDRESS: the node's address in cluster.yaml. memberlist_ports: 7946/tcp and the like, or what is in lib/defaults.

# What we opened for good, one a line: zone and port. remove-preparation.sh closes it; what others opened is theirs.
opened_ports=/var/lib/baremetal-lb/firewalld

firewalld_runs() {
  command -v firewall-cmd >/dev/null 2>&1 && timeout 10 firewall-cmd --state >/dev/null 2>&1
}

# The zone of the interface that has the node's address. What is in no zone is in the default one.
memberlist_zone() {
  interface=$(ip -o addr show to "$NODE_ADDRESS" 2>/dev/null | awk '{ print $2; exit }')
  if [ -n "$interface" ] && zone=$(timeout 10 firewall-cmd --get-zone-of-interface="$interface" 2>/dev/null); then
    echo "$zone"
  else
    timeout 10 firewall-cmd --get-default-zone
  fi
}

# is_open ZONE PORT, at once; with a third word, --permanent, after a reload.
is_open() {
  timeout 10 firewall-cmd ${3:+"$3"} --zone="$1" --query-port="$2" >/dev/null 2>&1
}

# Removes the files that prepare-node.sh wrote, and closes the ports that it opened. Packages and loaded modules stay,
# since kube-proxy may still use them; so does the reading that NetworkManager and systemd-networkd have of their files,
# until they reload.
. ../../shared/scripts/lib/preamble.sh

[ "$(id -u)" -eq 0 ] || fail "user $SSH_USER is not root: set ssh.sudo to true, or ssh.user to root"

found=false
for file in /etc/modules-load.d/baremetal-lb.conf /etc/sysconfig/modules/baremetal-lb.modules \
  /etc/NetworkManager/conf.d/baremetal-lb.conf /etc/systemd/network/0-baremetal-lb.network; do
  [ -e "$ROOT$file" ] || continue
  found=true
  if grep -q '^# Written by baremetal-lb' "$ROOT$file"; then
    rm -f "$ROOT$file"
    say "removed $file"
  else
    say "left $file, which does not say that baremetal-lb wrote it"
  fi
done

# The ports that prepare-node.sh opened in firewalld, which may be stopped by now, or gone.
close_port() {
  if timeout 10 firewall-cmd --state >/dev/null 2>&1; then
    timeout 30 firewall-cmd --zone="$1" --remove-port="$2" &&
      timeout 30 firewall-cmd --permanent --zone="$1" --remove-port="$2"
  elif command -v firewall-offline-cmd >/dev/null 2>&1; then
    timeout 30 firewall-offline-cmd --zone="$1" --remove-port="$2"
  fi
}

opened_ports=$ROOT/var/lib/baremetal-lb/firewalld
if [ -f "$opened_ports" ]; then
  found=true
  while read -r zone port; do
    if words=$(close_port "$zone" "$port" 2>&1); then
      say "closed $port in firewalld's zone $zone"
    else
      say "note: $port in firewalld's zone $zone was not closed: $(echo "$words" | tail -n 1)" >&2
    fi
  done <"$opened_ports"
  rm -f "$opened_ports"
  rmdir "${opened_ports%/*}" 2>/dev/null || true
fi
[ "$found" = true ] || say "none of our files is here"
say "packages and loaded modules stay"

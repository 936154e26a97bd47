# Removes the files that install-ipvs.sh wrote. Packages and loaded modules stay, since kube-proxy may still use them;
# so does the reading that NetworkManager has of its file, until it reloads.

[ "$(id -u)" -eq 0 ] || fail "user $SSH_USER is not root: set ssh.sudo to true, or ssh.user to root"

found=false
for file in /etc/modules-load.d/baremetal-lb.conf /etc/sysconfig/modules/baremetal-lb.modules \
  /etc/NetworkManager/conf.d/baremetal-lb.conf; do
  [ -e "$ROOT$file" ] || continue
  found=true
  if grep -q '^# Written by baremetal-lb' "$ROOT$file"; then
    rm -f "$ROOT$file"
    say "removed $file"
  else
    say "left $file, which does not say that baremetal-lb wrote it"
  fi
done
[ "$found" = true ] || say "none of our files is here"
say "packages and loaded modules stay"

#!/bin/sh
# Runs in the nodes' fresh Debian system, before it becomes a disk image.
set -eu

# Debian 12's User-mode Linux has no nftables for IPv4.
for tool in iptables ip6tables ebtables; do
  update-alternatives --set "$tool" "/usr/sbin/$tool-legacy"
done

# The user that the stacks connect as.
useradd --create-home --shell /bin/bash ops

# Every run has keys of its own, and every node an id of its own.
rm -f /etc/ssh/ssh_host_*
: > /etc/machine-id

# Work in the background that only slows a node down.
systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer systemd-timesyncd.service

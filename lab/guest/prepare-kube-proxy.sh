#!/bin/sh
# Runs in kube-proxy's fresh Debian system, before it becomes an image.
set -eu

for tool in iptables ip6tables; do
  update-alternatives --set "$tool" "/usr/sbin/$tool-legacy"
done

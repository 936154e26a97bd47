#!/bin/sh
# Runs in the nodes' fresh Debian system: downloads the packages that are named and whatever else this system lacks for
# them, into /lab-packages. The nodes have these from the lab's own repository.
set -eu
mkdir -p /lab-packages/partial
apt-get install --yes --quiet --download-only --no-install-recommends -o Dir::Cache::archives=/lab-packages "$@"
rm -rf /lab-packages/partial /lab-packages/lock

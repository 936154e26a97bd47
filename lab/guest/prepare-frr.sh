#!/bin/sh
# Runs in FRR's fresh Debian system, before it becomes an image: what the pods of upstream's manifests expect of FRR's own.
set -eu

# The container that copies FRR's first configuration runs as these.
usermod --non-unique --uid 100 frr
groupmod --non-unique --gid 101 frr

# Upstream's commands are for a shell that knows [[.
ln -sf bash /bin/sh

ln -s /usr/bin/tini /sbin/tini
cat > /usr/lib/frr/docker-start << 'EOF'
#!/bin/bash
# The daemons that /etc/frr/daemons names, started and watched. In watchfrr's own 20 s a busy node of the lab does not start
# them all, and goes on without bgpd.
. /usr/lib/frr/frrcommon.sh
# shellcheck disable=SC2046
exec /usr/lib/frr/watchfrr --restart-timeout 120 $(daemon_list)
EOF
chmod 755 /usr/lib/frr/docker-start

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
# The daemons that /etc/frr/daemons names, started and watched.
. /usr/lib/frr/frrcommon.sh
# shellcheck disable=SC2046
exec /usr/lib/frr/watchfrr $(daemon_list)
EOF
chmod 755 /usr/lib/frr/docker-start

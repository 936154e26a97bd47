# Stands in front of every script: stops at errors, and says who speaks. NODE is assigned above.
set -eu
# In front of every path; empty on a node. The tests assign BAREMETAL_LB_ROOT, so that no script can reach the machine
# that they run on.
ROOT=${BAREMETAL_LB_ROOT-}
# /sbin is missing from the PATH of a plain user on some distributions.
PATH=$PATH:$ROOT/usr/local/sbin:$ROOT/usr/local/bin:$ROOT/usr/sbin:$ROOT/usr/bin:$ROOT/sbin:$ROOT/bin
LC_ALL=C
export PATH LC_ALL

# printf, since dash's echo interprets backslashes, which the last lines of a failed command may have.
say() {
  printf 'baremetal-lb: %s: %s\n' "$NODE" "$*"
}

fail() {
  say "$*" >&2
  exit 1
}

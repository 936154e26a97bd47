# Stands in front of every script. Terraform copies the whole to the node as one file and runs it with /bin/sh, which
# does not stop at errors by itself. NODE, SSH_USER and SUDO are assigned above.
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

# Terraform's pseudo-terminal never answers: who asks gets the end of the input, and fails instead of hanging.
exec </dev/null

# Terraform leaves the file open to everybody's changes (mode 0777).
chmod 0700 "$0"

# Terraform empties the file after a run that succeeded, and leaves it as it is after one that failed. scratch: what a
# script makes for itself, words without spaces. exec, below, does not end in the trap.
scratch=
# shellcheck disable=SC2086 # words
trap 'rm -rf "$0" $scratch 2>/dev/null || true' EXIT
trap 'exit 1' HUP INT TERM

if [ "$SUDO" = true ] && [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "sudo is not installed: install it, or set ssh.user to root"
  # -n: sudo asks on the terminal itself, so that a question for a password would hang.
  sudo -n true || fail "user $SSH_USER cannot run sudo without a password: give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root"
  exec sudo -n sh "$0"
fi

# Stands in front of the scripts that Terraform runs: it copies the whole to the node as one file and runs it with
# /bin/sh. SSH_USER and SUDO are assigned above.
. ./environment.sh

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

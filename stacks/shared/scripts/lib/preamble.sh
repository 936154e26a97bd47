# Stands in front of the scripts that Terraform runs: it copies the whole to the node as one file and runs it with sh, in the
# home of the user (see ssh-access.ts). SSH_USER and SUDO are assigned above.
. ./environment.sh
. ./wait.sh

# Terraform's pseudo-terminal never answers: who asks gets the end of the input, and fails instead of hanging.
exec </dev/null

case $0 in
  */*) script=$0 ;;
  *) script=$PWD/$0 ;;
esac

# scratch: what a script makes for itself, words without spaces. exec, below, does not end in the trap.
scratch=
clean_up_files() {
  status=$?
  # shellcheck disable=SC2086 # words
  rm -rf "$script" $scratch 2>/dev/null || true
  case $status:${script##*/} in
    0:*baremetal-lb-*)
      # After a run that succeeded Terraform writes an empty file in its place, once this has ended and the terminal with it.
      trap '' HUP
      { wait_until 60 test -e "$script" && rm -f "$script"; } </dev/null >/dev/null 2>&1 &
      ;;
  esac
}
trap clean_up_files EXIT
trap 'exit 1' HUP INT TERM

if [ "$SUDO" = true ] && [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "sudo is not installed: install it, or set ssh.user to root"
  # -n: sudo asks on the terminal itself, so that a question for a password would hang.
  words=$(sudo -n true 2>&1) || {
    [ -z "$words" ] || printf '%s\n' "$words" >&2
    case $words in
      *" tty "*)
        fail "user $SSH_USER cannot run sudo without a terminal: write 'Defaults:$SSH_USER !requiretty' to a file in \
/etc/sudoers.d, or set ssh.user to root"
        ;;
    esac
    fail "user $SSH_USER cannot run sudo without a password: give it NOPASSWD in /etc/sudoers.d, or set ssh.user to root"
  }
  # Terraform has a terminal, what is done later over SSH has none: requiretty in sudoers. setsid takes it away.
  if [ "${asks_without_terminal-false}" = true ]; then
    words=$(setsid sudo -n true 2>&1) || case $words in
      *" tty "*)
        say "note: user $SSH_USER cannot run sudo without a terminal, and drift, verify, status and heal have none: \
write 'Defaults:$SSH_USER !requiretty' to a file in /etc/sudoers.d" >&2
        ;;
    esac
  fi
  exec sudo -n sh "$script"
fi

# Empty files of runs after which that did not work, a lost connection say, and of older versions, which had them in /tmp.
find "${script%/*}/" "$ROOT/tmp/" -maxdepth 1 -type f -name '*baremetal-lb-*' -size 0 -mmin +10 \
  -exec rm -f {} + 2>/dev/null || true

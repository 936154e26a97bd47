# The one way to wait, by the clock: what a command takes, or hangs, is part of the wait. Stands in front of the scripts
# that wait.

# When the wait that goes on is over, in seconds since 1970; empty outside of one.
give_up_at=

# wait_until SECONDS COMMAND...: runs COMMAND until it succeeds, every two seconds; fails once SECONDS are over. There is no
# set -e inside COMMAND. Waits do not nest.
wait_until() {
  give_up_at=$(($(date +%s) + $1))
  shift
  until "$@"; do
    # Without a clock, or without a pause, there is no bound: that ends the wait, too.
    if ! now=$(date +%s) || [ "$now" -ge "$give_up_at" ] || ! sleep 2; then
      give_up_at=
      return 1
    fi
  done
  give_up_at=
}

# seconds_left SECONDS: SECONDS, or fewer where the wait that goes on is over before, and at least 1, since timeout takes 0
# for no bound.
seconds_left() {
  left=$1
  if [ -n "$give_up_at" ]; then
    until_then=$((give_up_at - $(date +%s)))
    [ "$until_then" -ge "$left" ] || left=$until_then
  fi
  [ "$left" -ge 1 ] || left=1
  echo "$left"
}

# systemd-networkd gives an interface that one of its files matches what the file says, and takes off all else: addresses
# that kube-proxy has on kube-ipvs0, too. An earlier file that matches without a word does not help, Unmanaged= does
# (systemd.network(5), systemd#4228).

networkd_runs() {
  [ -e "$ROOT/run/systemd/netif/state" ]
}

# networkd_may_take INTERFACE: it runs, or has a file that matches a dummy interface of that name.
networkd_may_take() {
  ! networkd_runs || return 0
  interface=$1
  shift
  for file in "$ROOT/etc/systemd/network"/*.network "$ROOT/run/systemd/network"/*.network \
    "$ROOT/usr/local/lib/systemd/network"/*.network "$ROOT/usr/lib/systemd/network"/*.network \
    "$ROOT/lib/systemd/network"/*.network; do
    [ ! -r "$file" ] || set -- "$@" "$file"
  done
  [ $# -gt 0 ] || return 1
  # One file a line: its patterns of names, * where it goes by no name and by nothing that a dummy interface has not.
  awk '
    function tell() {
      if (names != "") print names
      else if (!other) print "*"
      names = ""
      other = 0
    }
    FNR == 1 {
      if (NR > 1) tell()
      section = ""
    }
    { gsub(/^[ \t]+|[ \t\r]+$/, "") }
    /^\[/ { section = $0 }
    section != "[Match]" || !/^[A-Za-z]+[ \t]*=/ { next }
    {
      key = $0
      sub(/[ \t]*=.*/, "", key)
      sub(/^[^=]*=[ \t]*/, "")
    }
    key == "Name" { names = names " " $0; next }
    key == "Type" && /ether/ { next }
    key ~ /^(Host|Architecture|Virtualization|Kernel|Credential|Firmware|Version)/ { next }
    $0 != "" { other = 1 }
    END { tell() }' "$@" |
    (
      set -f
      while read -r patterns; do
        matches=false
        for pattern in $patterns; do
          # shellcheck disable=SC2254 # a pattern
          case $interface in
            ${pattern#!}) matches=true ;;
          esac
        done
        # One ! turns the whole list round.
        case $patterns:$matches in
          !*:false | [!!]*:true) exit 0 ;;
        esac
      done
      exit 1
    )
}

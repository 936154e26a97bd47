# Asks the kube-proxy of this node about itself. Stands in front of the scripts that need it.

# listening_addresses: where processes that are called kube-proxy listen, as a URL has it, one a line: 192.0.2.10:10249,
# [fd00:0000:…:0001]:10249. Its configuration would tell less: an argument of the DaemonSet may say otherwise. The kernel
# writes each 32 bits of an address in the order of the machine (tcp4_seq_show in net/ipv4/tcp_ipv4.c), which is read here
# as little-endian; s390x answers at the default addresses only.
listening_addresses() {
  # shellcheck disable=SC2012 # the kernel's own names, without spaces
  sockets=$(grep -lx kube-proxy "$ROOT"/proc/[0-9]*/comm 2>/dev/null | while read -r name; do
    ls -l "${name%/comm}/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p'
  done | tr '\n' ' ')
  [ -n "$sockets" ] || return 0
  # sockets is one line: POSIX awk takes no line break in a variable, and gawk none where POSIXLY_CORRECT is set.
  cat "$ROOT/proc/net/tcp" "$ROOT/proc/net/tcp6" 2>/dev/null | awk -v sockets="$sockets" '
    function value(hexadecimal, i, number) {
      for (i = 1; i <= length(hexadecimal); i++)
        number = number * 16 + index("0123456789ABCDEF", substr(hexadecimal, i, 1)) - 1
      return number
    }
    function turned(word) { return substr(word, 7, 2) substr(word, 5, 2) substr(word, 3, 2) substr(word, 1, 2) }
    BEGIN { count = split(sockets, socket); for (i = 1; i <= count; i++) ours[socket[i]] = 1 }
    $4 == "0A" && $10 in ours {
      split($2, local, ":")
      port = value(local[2])
      address = ""
      for (i = 1; i < length(local[1]); i += 8) address = address turned(substr(local[1], i, 8))
      if (address ~ /^0+$/) print (length(address) == 8 ? "127.0.0.1" : "[::1]") ":" port
      else if (length(address) == 8)
        print value(substr(address, 1, 2)) "." value(substr(address, 3, 2)) "." value(substr(address, 5, 2)) "." value(substr(address, 7, 2)) ":" port
      else {
        gsub(/..../, ":&", address)
        print "[" tolower(substr(address, 2)) "]:" port
      }
    }'
}

# fetch URL...: prints what is there, or nothing.
fetch() {
  if command -v curl >/dev/null 2>&1; then
    # -g: the brackets of an IPv6 address are no pattern.
    curl -g -fsS --noproxy '*' --max-time 5 "$@" 2>/dev/null || true
  elif command -v wget >/dev/null 2>&1; then
    wget --no-proxy -q -T 5 -t 1 -O - "$@" 2>/dev/null || true
  else
    fail "neither curl nor wget is here to ask kube-proxy for its mode: install one of them"
  fi
}

# ask_at ADDRESS PATH...: prints what kube-proxy answers there; fails where nobody does, or somebody else.
ask_at() {
  address=$1
  shift
  for path in "$@"; do
    set -- "$@" "http://$address$path"
    shift
  done
  answer=$(fetch "$@") || exit 1
  case $answer in
    iptables* | ipvs* | nftables* | userspace*) printf '%s' "$answer" ;;
    *) return 1 ;;
  esac
}

# ask_proxy /proxyMode [PATH...]: prints what the kube-proxy of this node answers, or nothing while it does not. It answers
# where its metrics are: at the loopback address by default, which is the IPv6 one where kube-proxy binds ::.
ask_proxy() {
  ask_at 127.0.0.1:10249 "$@" && return
  ask_at '[::1]:10249' "$@" && return
  for listening in $(listening_addresses); do
    ask_at "$listening" "$@" && return
  done
  # With metrics bound to nothing, to a port that was taken for example, its log tells the mode.
  if grep -qsx kube-proxy "$ROOT"/proc/[0-9]*/comm; then mode_in_log; fi
}

# asked_addresses: where ask_proxy asks, in words.
asked_addresses() {
  printf '127.0.0.1:10249, [::1]:10249'
  for listening in $(listening_addresses); do
    case $listening in 127.0.0.1:10249 | '[::1]:10249') ;; *) printf ', %s' "$listening" ;; esac
  done
}

# proxy_mode: the mode that runs (iptables, ipvs, nftables).
proxy_mode() {
  ask_proxy /proxyMode
}

# runs_without_strict_arp: whether kube-proxy's configuration in force says so; the keys' case differs between versions.
runs_without_strict_arp() {
  ask_proxy /proxyMode /configz | grep -qi '"strictARP": *false'
}

# newest_log: the file that the kube-proxy of this node writes to.
newest_log() {
  # shellcheck disable=SC2012 # kubelet's own names, without spaces
  ls -t "$ROOT"/var/log/pods/kube-system_kube-proxy-*/kube-proxy/*.log 2>/dev/null | head -n 1
}

# mode_in_log: "Using ipvs Proxier", which every version writes at its start.
mode_in_log() {
  log=$(newest_log)
  [ -z "$log" ] || sed -n 's/.*Using \([a-z]*\) Proxier.*/\1/p' "$log" | tail -n 1
}

# proxy_log: the last lines that kube-proxy wrote on this node.
proxy_log() {
  log=$(newest_log)
  if [ -n "$log" ]; then tail -n 20 "$log"; else echo "(no log of kube-proxy in /var/log/pods)"; fi
}

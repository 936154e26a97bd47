# What keeps a module from being loaded at the next boot: systemd-modules-load heeds blacklist lines, though modprobe NAME
# does not (modprobe.d(5), modules-load.d(5)). Changes nothing.

# possible_denials MODULE...: one a line, the module's name or a pattern, the file, what stands there. An install line that
# loads the module after all denies nothing.
possible_denials() {
  wanted=$*
  set --
  names=/
  for file in "$ROOT/etc/modprobe.d"/*.conf "$ROOT/run/modprobe.d"/*.conf "$ROOT/usr/local/lib/modprobe.d"/*.conf \
    "$ROOT/usr/lib/modprobe.d"/*.conf "$ROOT/lib/modprobe.d"/*.conf "$ROOT/proc/cmdline"; do
    # Of two files of one name the first counts.
    case $names in
      *"/${file##*/}/"*) continue ;;
    esac
    [ -r "$file" ] || continue
    names=$names${file##*/}/
    set -- "$@" "$file"
  done
  [ $# -gt 0 ] || return 0
  awk -v root="$ROOT" -v wanted=" $wanted " '
    function deny(name, what) {
      gsub(/-/, "_", name)
      if (index(wanted, " " name " ") || name ~ /[*?[]/) print name, file, what
    }
    { file = substr(FILENAME, length(root) + 1) }
    file == "/proc/cmdline" {
      for (i = 1; i <= NF; i++)
        if ($i ~ /^(modprobe\.|module_)blacklist=/) {
          count = split(substr($i, index($i, "=") + 1), denied, ",")
          for (j = 1; j <= count; j++) deny(denied[j], $i)
        }
      next
    }
    {
      while (sub(/\\$/, "") && (getline more) > 0) $0 = $0 more
      sub(/\r$/, "")
      $1 = $1
    }
    ($1 == "blacklist" && NF > 1) || ($1 == "install" && NF > 2 && !/modprobe|insmod/) || ($1 == "alias" && $3 == "off") {
      deny($2, $0)
    }' "$@"
}

# denied MODULE...: those that are denied and why, one a line: ip_vs 'blacklist ip_vs' in /etc/modprobe.d/hardening.conf
denied() {
  denials=$(possible_denials "$@")
  # A container's host loads the modules, by its own configuration.
  { [ -n "$denials" ] && [ -z "$(container_kind)" ]; } || return 0
  for denied_module; do
    printf '%s\n' "$denials" | while read -r pattern file statement; do
      [ "$file" != /proc/cmdline ] || file="the kernel's command line"
      # shellcheck disable=SC2254 # modprobe takes it as a pattern, too
      case $denied_module in
        $pattern)
          printf "%s '%s' in %s\n" "$denied_module" "$statement" "$file"
          break
          ;;
      esac
    done
  done
}

# denial_problem MODULE...: the same in words, or nothing.
denial_problem() {
  reasons=$(denied "$@" | while read -r module reason; do printf ', %s (%s)' "$module" "$reason"; done)
  [ -z "$reasons" ] || echo "modules are denied, and the next boot would leave them out: ${reasons#, }"
}

# Which modules the kernel that runs has, built in, loaded, or to be loaded; changes nothing.
# Each command that is not the shell's own costs time on every node, so files are read once.

kernel=$(uname -r)
built_in_list=$ROOT/lib/modules/$kernel/modules.builtin
built_in_files=$(cat "$built_in_list" 2>/dev/null || true)

# Again after something was loaded.
read_loaded_modules() {
  loaded_modules="
$(cat "$ROOT/proc/modules" 2>/dev/null || true)"
}
read_loaded_modules

is_loaded() {
  case $loaded_modules in
    *"
$1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

# /sys/module has those that are loaded, and of those that are built in the ones with parameters, such as dummy and ip_set.
# initstate is there of a loaded one alone, also of one that kube-proxy has loaded since /proc/modules was read.
is_built_in() {
  case $built_in_files in
    *"/$1.ko"*) return 0 ;;
  esac
  ! is_loaded "$1" || return 1
  [ ! -e "$ROOT/sys/module/$1/initstate" ] || return 1
  [ -d "$ROOT/sys/module/$1" ] || { [ ! -e "$built_in_list" ] && is_built_in_unlisted "$1"; }
}

# A kernel in one piece, such as one that a hypervisor or a container's host brings, comes without such a list. Then its
# configuration says it, as kube-proxy before 1.22 reads it. Without that it is enough that the kernel shows IPVS, or
# conntrack, and has not loaded it: what else such a kernel has it shows nowhere, and kube-proxy's proof comes first to one node.
is_built_in_unlisted() {
  if [ -z "${kernel_config+known}" ]; then
    kernel_config=$(cat "$ROOT/boot/config-$kernel" 2>/dev/null || zcat "$ROOT/proc/config.gz" 2>/dev/null || true)
  fi
  if [ -n "$kernel_config" ]; then
    case $1 in
      xt_set | xt_mark) option=netfilter_$1 ;;
      xt_*) option=netfilter_xt_match_${1#xt_} ;;
      *) option=$1 ;;
    esac
    option=$(printf '%s' "$option" | tr '[:lower:]' '[:upper:]')
    case $kernel_config in
      *"CONFIG_$option=y"*) return 0 ;;
      *) return 1 ;;
    esac
  fi
  case $1 in
    ip_vs*) shows_unloaded ip_vs /proc/net/ip_vs ;;
    # Only old kernels have it.
    nf_conntrack_ipv4) return 1 ;;
    *) shows_unloaded ip_vs /proc/net/ip_vs || shows_unloaded nf_conntrack /proc/sys/net/netfilter/nf_conntrack_max ;;
  esac
}

shows_unloaded() {
  [ -e "$ROOT$2" ] && ! is_loaded "$1"
}

exists() {
  is_built_in "$1" || is_loaded "$1" || modinfo "$1" >/dev/null 2>&1
}

# container_kind: what kind of container this node is, or nothing. Its kernel is its host's, so are /proc/modules and, unless
# it shows the host's, what is missing in /lib/modules; modprobe works in one that may do all (kind).
container_kind() {
  if [ -s "$ROOT/run/systemd/container" ]; then
    cat "$ROOT/run/systemd/container"
  elif [ -e "$ROOT/.dockerenv" ]; then
    echo docker
  elif [ -e "$ROOT/run/.containerenv" ]; then
    echo podman
  elif command -v systemd-detect-virt >/dev/null 2>&1; then
    # It fails where it prints none.
    kind=$(systemd-detect-virt --container 2>/dev/null) && echo "$kind"
  fi
}

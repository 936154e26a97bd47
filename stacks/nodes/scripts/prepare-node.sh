# Gives a node what kube-proxy's mode needs, now and after a reboot: for IPVS ipset, ipvsadm and the kernel's modules.
# Parameters, beside the preamble's and those of node-needs.sh: PACKAGE_TIMEOUT_SECONDS (bound of one run of the package
# manager), NODE_ADDRESS. Where all is in place it writes nothing and needs no network.
asks_without_terminal=true
. ../../shared/scripts/lib/preamble.sh
. ../../shared/scripts/lib/wait.sh
. ./lib/node-needs.sh
. ./lib/defaults/memberlist_ports.sh
. ./lib/firewalld.sh

[ "$(id -u)" -eq 0 ] || fail "user $SSH_USER is not root: set ssh.sudo to true, or ssh.user to root"

output=$(mktemp)
scratch=$output

# For a command whose output matters only when it fails.
quietly() {
  "$@" >"$output" 2>&1
}

last_lines() {
  if [ -s "$output" ]; then
    printf '; its last lines:\n'
    tail -n 8 "$output" | sed 's/^/  /'
  else
    printf '; it printed nothing'
  fi
}

problem=$(kernel_problem)
[ -z "$problem" ] || fail "$problem: boot a newer kernel, or set kubeProxy.mode to iptables, and apply again"
container=$(container_kind || true)
on_host="this node is a container ($container), and the modules are its host's: load them there, now and at its boot, and \
where they are built in show the node its /lib/modules"
# shellcheck disable=SC2086 # words
problem=$(denial_problem $loadable)
[ -z "$problem" ] || fail "$problem: take that out there, and apply again"

# --- Package managers ---

# setsid takes the terminal away: nothing can ask, and a lost connection does not break off a half-done installation.
# -k: some ignore the first signal.
run_package_manager() {
  status=0
  quietly setsid timeout -k 10 "$PACKAGE_TIMEOUT_SECONDS" "$@" || status=$?
  case $status in
    0) return 0 ;;
    124 | 137) failure="'$*' did not end within $PACKAGE_TIMEOUT_SECONDS s$(last_lines)" ;;
    *) failure="'$*' failed with exit status $status$(last_lines)" ;;
  esac
  return 1
}

# apt's own wait for a lock ends before the bound does, so that it can say who holds the lock.
lock_wait_seconds=$((PACKAGE_TIMEOUT_SECONDS / 2))

# Fails only where another wait may help: DPkg::Lock::Timeout is for dpkg's lock; the one of the package lists is refused at
# once (apt 2.6).
update_apt_lists() {
  run_package_manager apt-get -q update || ! grep -q 'Could not get lock' "$output"
}

# ALT Linux, PCLinuxOS: it refuses --no-install-recommends.
is_apt_for_rpm() {
  case $os_ids in
    *" altlinux "* | *" pclinuxos "*) return 0 ;;
    *" debian "* | *" ubuntu "*) return 1 ;;
  esac
  command -v rpm >/dev/null && ! command -v dpkg >/dev/null
}

install_with_apt() {
  DEBIAN_FRONTEND=noninteractive
  NEEDRESTART_MODE=a
  export DEBIAN_FRONTEND NEEDRESTART_MODE
  wait_until "$lock_wait_seconds" update_apt_lists || true
  if [ "$status" -ne 0 ]; then
    # Clusters of this age often name apt.kubernetes.io, which is gone; the distribution's own lists may do.
    say "$failure" >&2
    say "installing from the package lists at hand" >&2
  fi
  if is_apt_for_rpm; then
    run_package_manager apt-get -q -y install "$@"
    return
  fi
  # --force-conf…: dpkg's question about a changed configuration file heeds no frontend.
  run_package_manager apt-get -q -y --no-install-recommends -o "DPkg::Lock::Timeout=$lock_wait_seconds" \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
}

install_with_zypper() {
  ZYPP_LOCK_TIMEOUT=$lock_wait_seconds
  export ZYPP_LOCK_TIMEOUT
  run_package_manager zypper --non-interactive --quiet install "$@" && return
  # Installed, with a remark: reboot or restart needed, a repository skipped, a post-install script failed.
  case $status in
    102 | 103 | 106 | 107) return 0 ;;
    *) return 1 ;;
  esac
}

# Some distributions package the others' manager too: theirs goes first.
case $os_ids in
  *" fedora "* | *" rhel "*) managers="dnf yum apt-get zypper" ;;
  *suse*) managers="zypper apt-get dnf yum" ;;
  *) managers="apt-get dnf yum zypper" ;;
esac
for manager in $managers none; do
  if command -v "$manager" >/dev/null; then break; fi
done

install_packages() {
  say "installing $* with $manager, each command within $PACKAGE_TIMEOUT_SECONDS s"
  # dnf and yum wait for their lock until timeout ends them; their last line says who holds it.
  case $manager in
    apt-get) install_with_apt "$@" ;;
    zypper) install_with_zypper "$@" ;;
    *) run_package_manager "$manager" -y -q install "$@" ;;
  esac
}

# --- What the kernel has ---

# Beside its other modules, in a package of its own: Ubuntu, Enterprise Linux from 10 on, Fedora. It needs no reboot, if it
# is the one of the kernel that runs, and that is the distribution's own: others have no such package, or one of another name.
extra_modules_package() {
  if [ -n "$container" ] || [ ! -d "$ROOT/lib/modules/$kernel" ] || usr_is_read_only; then return 0; fi
  case "$manager:$os_ids" in
    apt-get:*" ubuntu "*)
      case $kernel in
        # Mainline builds, System76's.
        *.0-0* | *.0-[0-9][0-9][0-9][0-9][0-9]*) ;;
        *.0-*-generic | *.0-*-aws | *.0-*-azure | *.0-*-gcp | *.0-*-gke | *.0-*-ibm | *.0-*-oracle | *.0-*-raspi | *.0-*-fips)
          echo "linux-modules-extra-$kernel"
          ;;
      esac
      ;;
    dnf:*" fedora "* | dnf:*" rhel "*)
      case $kernel in
        *uek* | *elrepo* | *+*) ;;
        *.el[0-9]* | *.fc[0-9]* | *.amzn2023.*) echo "kernel-modules-extra-$kernel" ;;
      esac
      ;;
  esac
}

modules_remedy() {
  remedy="install this kernel's package that has them, or boot a kernel that has them"
  if [ -n "$container" ]; then
    remedy=$on_host
  elif [ ! -e "$ROOT/proc/modules" ]; then
    remedy="it loads no modules, so boot a kernel that has them"
  elif [ ! -d "$ROOT/lib/modules/$kernel" ]; then
    remedy="/lib/modules/$kernel is not there; if the kernel was upgraded since the last boot, reboot the node"
  else
    case "$kernel:$os_ids" in
      *uek*:*)
        remedy="of the Unbreakable Enterprise Kernel they are in kernel-uek-modules-$kernel, \
kernel-uek-modules-extra-$kernel and, from UEK 8 on, kernel-uek-modules-extra-netfilter-$kernel: install these"
        ;;
      *-kvm:*) remedy="Ubuntu builds its -kvm kernels without IPVS; install linux-image-generic and boot that kernel" ;;
      *suse*)
        ! rpm --quiet -q kernel-default-base 2>/dev/null ||
          remedy="kernel-default-base is a selection of the modules; install kernel-default in its place, reboot the node"
        ;;
    esac
  fi
  echo "$remedy"
}

find_missing_modules() {
  missing=
  set --
  for module in $modules; do
    is_built_in "$module" || is_loaded "$module" || set -- "$@" "$module"
  done
  # All at once, and one by one only to learn which.
  [ $# -eq 0 ] || modinfo "$@" >/dev/null 2>&1 || for module; do
    exists "$module" || missing="$missing $module"
  done
}

for module in $loadable; do
  is_loaded "$module" || [ -n "$container" ] || for tool in modinfo modprobe; do
    command -v "$tool" >/dev/null || fail "$tool is not installed: install kmod, and apply again"
  done
done
find_missing_modules
extra=
if [ -n "$missing" ]; then
  extra=$(extra_modules_package)
  if [ -n "$extra" ]; then
    install_packages "$extra" || fail "kernel $kernel has no module$missing: install $extra, or upgrade the kernel and \
reboot the node where the repositories no longer have it, and apply again; $failure"
    find_missing_modules
  fi
fi
[ -z "$missing" ] ||
  fail "kernel $kernel has no module$missing${extra:+, with $extra neither}: $(modules_remedy), and apply again"

# --- Packages ---

set --
for tool in $tools; do
  package=$tool
  [ "$tool" != nft ] || package=nftables
  command -v "$tool" >/dev/null || set -- "$@" "$package"
done
installed=
if [ $# -gt 0 ]; then
  [ "$manager" != none ] ||
    fail "no apt-get, dnf, yum or zypper here: install $* by hand, and apply again"
  install_packages "$@" || fail "$failure"
  for package in "$@"; do
    tool=$package
    [ "$package" != nftables ] || tool=nft
    command -v "$tool" >/dev/null || fail "$manager has installed the package $package, but there is no command $tool in $PATH"
  done
  installed=" (installed now: $*)"
fi
left_out=
for tool in $useful_tools; do
  case "$tools " in
    *" $tool "*) ;;
    *) left_out="$left_out $tool" ;;
  esac
done

# --- Modules, now and at every boot ---

set --
for module in $loadable; do
  is_loaded "$module" || set -- "$@" "$module"
done
# All at once, and one by one only to learn which.
[ $# -eq 0 ] || quietly modprobe -a "$@" || for module; do
  quietly modprobe "$module" || fail "'modprobe $module' failed${container:+: $on_host}$(last_lines)"
done

# write_file PATH MODE TEXT. A reader never sees half a file, and a file that is right is left alone.
write_file() {
  ! is_as_written "$@" || return 0
  {
    mkdir -p "$ROOT${1%/*}" && draft=$(mktemp "$ROOT${1%/*}/.baremetal-lb.XXXXXX") &&
      scratch="$output $draft" &&
      printf '%s\n' "$3" >"$draft" && chmod "$2" "$draft" && mv -f "$draft" "$ROOT$1"
  } || fail "cannot write $1"
  say "wrote $1"
  written="$written $1"
}

written=
each_file write_file
case $written in
  *NetworkManager*)
    # systemctl: nmcli of Enterprise Linux 7 cannot reload.
    if timeout 10 systemctl --quiet is-active NetworkManager 2>/dev/null; then
      quietly timeout 10 systemctl reload NetworkManager ||
        say "note: NetworkManager did not reload, and manages kube-ipvs0 until it restarts$(last_lines)" >&2
    fi
    ;;
esac

case $written in
  *systemd/network*)
    # Files that are new concern the interfaces that they match, and no others. From systemd 244 on.
    if networkd_runs; then
      quietly timeout 10 networkctl reload ||
        say "note: systemd-networkd did not reload, and may take addresses off kube-ipvs0 until it restarts: \
systemctl restart systemd-networkd$(last_lines)" >&2
    fi
    ;;
esac

# --- firewalld ---

# open_port ZONE PORT [--permanent]. No reload: it would drop what others opened at runtime only.
open_port() {
  ! is_open "$@" || return 0
  quietly timeout 30 firewall-cmd ${3:+"$3"} --zone="$1" --add-port="$2" ||
    fail "firewalld did not open $2 in zone $1, over which MetalLB's speakers find each other$(last_lines)"
  opened="opened $2 in firewalld's zone $1"
}

if firewalld_runs; then
  zone=$(memberlist_zone)
  for port in $memberlist_ports; do
    opened=
    # Noted before it is done: a run that is broken off leaves nothing open that nobody knows of.
    if ! is_open "$zone" "$port" --permanent && ! grep -qxs "$zone $port" "$ROOT$opened_ports"; then
      { mkdir -p "$ROOT${opened_ports%/*}" && echo "$zone $port" >>"$ROOT$opened_ports"; } ||
        fail "cannot write $opened_ports"
    fi
    open_port "$zone" "$port" --permanent
    open_port "$zone" "$port"
    [ -z "$opened" ] || say "$opened"
  done
fi

# --- Proof ---

read_loaded_modules
for module in $loadable; do
  is_loaded "$module" ||
    fail "$module is not loaded, though modprobe reported success: look for 'install $module' in /etc/modprobe.d"
done
case $tools in
  *ipset*) quietly ipset list -n || fail "'ipset list -n' failed$(last_lines)" ;;
esac
case $MODE$tools in
  *ipvsadm*) quietly ipvsadm -Ln || fail "'ipvsadm -Ln' failed$(last_lines)" ;;
  ipvs*) [ -r "$ROOT/proc/net/ip_vs" ] || fail "/proc/net/ip_vs is missing, though the modules are loaded: ask 'dmesg' why" ;;
  *nft) quietly nft list tables || fail "'nft list tables' failed$(last_lines)" ;;
esac
[ -z "$container" ] || [ -z "$loadable" ] ||
  say "note: this node is a container ($container), and the modules are its host's, which has to load them at its own boot: \
name them in /etc/modules-load.d there" >&2
[ -z "$left_out" ] || say "left out, since /usr is read-only and kube-proxy runs without:$left_out"
tools=$(echo "${tools# }" | sed 's/ / and /')
say "${tools:+$tools present$installed, }modules loaded:${loadable:- none}${built_in:+, built in:$built_in}"

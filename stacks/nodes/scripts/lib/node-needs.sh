# What a node is to have for kube-proxy's mode, found out from its kernel and distribution; changes nothing. Stands in front
# of the script that brings it about, the gate that asks for it, and the probe that looks whether it is still so.
# MODE: kube-proxy's mode, ipvs where it is not assigned. SCHEDULER: the IPVS scheduler (rr, wrr, …), in that mode.

. ./kernel-modules.sh
. ./denied-modules.sh
. ./networkd.sh

os=
if [ -r "$ROOT/etc/os-release" ]; then
  # Read, and not run: it is the distribution's file, not ours, and not every shell takes what is in every one.
  os=$(awk '
    match($0, /^(VERSION_ID|ID|ID_LIKE)=/) {
      value = substr($0, RLENGTH + 1)
      gsub(/^["\047]|["\047][ \t\r]*$/, "", value)
      found[substr($0, 1, RLENGTH - 1)] = value
    }
    END { print found["VERSION_ID"] ":" found["ID"] " " found["ID_LIKE"] }' "$ROOT/etc/os-release")
fi
os_ids=" ${os#*:} "
os_major=${os%%:*}
os_major=${os_major%%[!0-9]*}

# The last mount that covers /usr counts. Flatcar, Fedora CoreOS, openSUSE MicroOS: packages come with the image only.
usr_is_read_only() {
  awk '$2 == "/" { root = $4 } $2 == "/usr" { usr = $4 } END { exit (usr ? usr : root) !~ /^ro(,|$)/ }' \
    "$ROOT/proc/mounts" 2>/dev/null
}

useful_tools=
modules=
case ${MODE:=ipvs} in
  ipvs)
    useful_tools="ipset ipvsadm"
    modules="ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh"
    case " $modules " in
      *" ip_vs_$SCHEDULER "*) ;;
      *) modules="$modules ip_vs_$SCHEDULER" ;;
    esac
    # kube-ipvs0 is a dummy interface; its sets and the rules that use them: pkg/proxy/ipvs, ipsetInfo and writeIptablesRules.
    # hash:ip came with kubernetes#108460, all else was in 1.18. Without one of them kube-proxy runs and syncs nothing.
    # xt_physdev and xt_ipvs are left out: only rules of Services with external addresses have them, so that most nodes work
    # without. So do MASQUERADE, REJECT and the tables: iptables mode has them, too, by names that differ between kernels.
    modules="$modules dummy ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet"
    modules="$modules ip_set_bitmap_port xt_set xt_comment xt_mark xt_addrtype xt_conntrack"
    ;;
  nftables)
    useful_tools=nft
    # What the rules of pkg/proxy/nftables are made of. The parts for one family alone, such as nft_fib_ipv4, are loaded with
    # the rules, and a cluster may have one family only.
    modules="nf_tables nft_chain_nat nft_ct nft_fib nft_masq nft_nat nft_numgen nft_reject"
    ;;
  # iptables: kubeadm's default, whose modules have other names on other kernels, and come with the rules.
esac

# kube-proxy runs without them: it speaks netlink to IPVS, and its image has an ipset and an nft of its own. They are for
# people, for the proof, and for taking away what a mode leaves; so a node that cannot install one does without.
tools=
for tool in $useful_tools; do
  if command -v "$tool" >/dev/null 2>&1 || ! usr_is_read_only; then tools="$tools $tool"; fi
done

# kernel_problem: what keeps the mode from running on this kernel, or nothing (NFTablesKubeProxyKernelVersion in
# pkg/util/kernel; kube-proxy in nftables mode refuses older ones).
kernel_problem() {
  [ "$MODE" = nftables ] || return 0
  major=${kernel%%.*}
  minor=${kernel#*.}
  minor=${minor%%[!0-9]*}
  [ "$major" -gt 5 ] || { [ "$major" -eq 5 ] && [ "$minor" -ge 13 ]; } ||
    echo "kernel $kernel is older than 5.13, which kube-proxy's nftables mode needs"
}

# The older name goes first: before 4.19 both exist, kube-proxy wants nf_conntrack_ipv4, and that loads the other
# (GetRequiredIPVSModules in pkg/util/ipvs). Enterprise Linux 8 has 4.18 without the older one, so no version tells.
if exists nf_conntrack_ipv4; then
  modules="$modules nf_conntrack_ipv4"
else
  modules="$modules nf_conntrack"
fi

loadable=
built_in=
for module in $modules; do
  if is_built_in "$module"; then built_in="$built_in $module"; else loadable="$loadable $module"; fi
done

# remove-preparation.sh looks for this line.
mark="# Written by baremetal-lb, which removes the file when its stack nodes is destroyed."

# each_file COMMAND: runs COMMAND PATH MODE TEXT for each file that the node is to have.
each_file() {
  "$1" /etc/modules-load.d/baremetal-lb.conf 644 "$mark$(for module in $loadable; do printf '\n%s' "$module"; done)"
  # Where people of Enterprise Linux 7 look for it. ipvs.modules, beside it, is theirs.
  if [ "$os_major" = 7 ] && [ -d "$ROOT/etc/sysconfig/modules" ]; then
    "$1" /etc/sysconfig/modules/baremetal-lb.modules 755 \
      "#!/bin/sh
$mark$(for module in $loadable; do printf '\nmodprobe %s' "$module"; done)"
  fi
  if [ "$MODE" = ipvs ] && [ -d "$ROOT/etc/NetworkManager/conf.d" ]; then
    # Not [keyfile] unmanaged-devices: any later file that sets the list with = (Calico's guide does) would undo ours.
    "$1" /etc/NetworkManager/conf.d/baremetal-lb.conf 644 "$mark
[device-baremetal-lb]
match-device=interface-name:kube-ipvs0
managed=0"
  fi
  # The first file that matches counts, so its name comes before the others', those that begin with 00, too.
  if [ "$MODE" = ipvs ] && networkd_may_take kube-ipvs0; then
    "$1" /etc/systemd/network/0-baremetal-lb.network 644 "$mark
[Match]
Name=kube-ipvs0
[Link]
Unmanaged=yes"
  fi
}

is_as_written() {
  [ "$(cat "$ROOT$1" 2>/dev/null)" = "$3" ] && [ "$(stat -c %a "$ROOT$1")" = "$2" ]
}

# Runs on every node before kube-proxy is touched: refuses to go on where the stack nodes of this configuration has not
# done its work. Asks for what that stack leaves, now and after a reboot, and not for a mark that it ran.
# SCHEDULER: the IPVS scheduler.

not_ready() {
  fail "$*, kube-proxy was not touched: deploy the stack nodes first"
}

is_built_in() {
  grep -q "/$1\.ko" "$ROOT/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null
}

is_loaded() {
  grep -q "^$1 " "$ROOT/proc/modules"
}

# As in install-ipvs.sh: where both exist, kube-proxy wants the older one.
conntrack=nf_conntrack
if is_built_in nf_conntrack_ipv4 || is_loaded nf_conntrack_ipv4 || modinfo nf_conntrack_ipv4 >/dev/null 2>&1; then
  conntrack=nf_conntrack_ipv4
fi

persistence=/etc/modules-load.d/baremetal-lb.conf
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh "ip_vs_$SCHEDULER" "$conntrack"; do
  ! is_built_in "$module" || continue
  is_loaded "$module" || not_ready "kernel module $module is not loaded"
  [ -f "$ROOT$persistence" ] || not_ready "$persistence is missing, which loads the kernel modules after a reboot"
  grep -qx "$module" "$ROOT$persistence" || not_ready "$persistence does not name $module, which a reboot would leave out"
done
for tool in ipset ipvsadm; do
  command -v "$tool" >/dev/null 2>&1 || not_ready "$tool is missing"
done
say "IPVS with scheduler $SCHEDULER is ready"

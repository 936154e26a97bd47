# Runs on every node before kube-proxy is touched: refuses to go on where the stack nodes of this configuration has not
# done its work. Asks for what that stack leaves, now and after a reboot, and not for a mark that it ran.
. ../../shared/scripts/lib/preamble.sh
. ../../nodes/scripts/lib/node-needs.sh

not_ready() {
  fail "$*, kube-proxy was not touched: deploy the stack nodes first"
}

problem=$(kernel_problem)
[ -z "$problem" ] || not_ready "$problem"
persistence=/etc/modules-load.d/baremetal-lb.conf
for module in $loadable; do
  is_loaded "$module" || not_ready "kernel module $module is not loaded"
  [ -f "$ROOT$persistence" ] || not_ready "$persistence is missing, which loads the kernel modules after a reboot"
  grep -qx "$module" "$ROOT$persistence" || not_ready "$persistence does not name $module, which a reboot would leave out"
done
for tool in $tools; do
  command -v "$tool" >/dev/null 2>&1 || not_ready "$tool is missing"
done
case $MODE in
  ipvs) say "IPVS with scheduler $SCHEDULER is ready" ;;
  *) say "this node is ready for mode $MODE" ;;
esac

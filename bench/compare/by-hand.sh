#!/bin/sh
# by-hand.sh install | look | undo
# What docs/by-hand.md has a person do, for Debian nodes and a MetalLB with a ConfigMap. install changes nothing that is
# there already; look says whether it still is; undo takes it back, but for what the kernel keeps until a reboot.
#
# NODES: names of SSH_CONFIG, whose user has sudo -n. MANIFEST: upstream's. POOL: its addresses. SERVICE: one in the
# namespace default that is to have an address. kubectl finds the cluster by KUBECONFIG.
set -eu

fail() {
  echo "by-hand.sh: $*" >&2
  exit 1
}

# on_nodes < SCRIPT: on one node after the other. In braces, so that no command takes the rest of the script for its input.
on_nodes() {
  script="{ $(cat)
} </dev/null"
  for node in $NODES; do
    printf '%s\n' "$script" | ssh -F "$SSH_CONFIG" "$node" sudo -n sh -eu || fail "$node: see above"
  done
}

# wait_for WHAT COMMAND…: until it succeeds, for at most two minutes.
wait_for() {
  what=$1
  shift
  end=$(($(date +%s) + 120))
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || fail "waited 120 s in vain for $what"
    sleep 0.5
  done
}

kube_proxy() {
  kubectl -n kube-system "$@"
}

# set_kube_proxy MODE STRICT_ARP: edits the ConfigMap, and restarts the pods where that changed something.
set_kube_proxy() {
  kube_proxy get configmap kube-proxy -o yaml >"$scratch/before.yaml"
  sed -e "s/^\( *mode: \).*/\1\"$1\"/" -e "s/^\( *strictARP: \).*/\1$2/" "$scratch/before.yaml" >"$scratch/after.yaml"
  ! cmp -s "$scratch/before.yaml" "$scratch/after.yaml" || return 0
  kubectl replace -f "$scratch/after.yaml"
  kube_proxy delete pod -l k8s-app=kube-proxy
  kube_proxy rollout status daemonset/kube-proxy --timeout=180s
  [ "$1" != ipvs ] || wait_for "IPVS mode in kube-proxy's logs" all_in_ipvs_mode
}

all_in_ipvs_mode() {
  # shellcheck disable=SC2086 # one word a node
  set -- $NODES
  [ "$(kube_proxy logs -l k8s-app=kube-proxy --tail=-1 | grep -c 'Using ipvs Proxier')" -ge $# ]
}

pool() {
  cat <<EOF
apiVersion: v1
kind: ConfigMap
metadata:
  namespace: metallb-system
  name: config
data:
  config: |
    address-pools:
    - name: default
      protocol: layer2
      addresses:
      - $POOL
EOF
}

has_address() {
  [ -n "$(kubectl get service "$SERVICE" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')" ]
}

install() {
  on_nodes <<'EOF'
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install ipset ipvsadm
printf '%s\n' ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack >/etc/modules-load.d/ipvs.conf
modprobe -a ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack
lsmod | grep -e ip_vs -e nf_conntrack
EOF
  set_kube_proxy ipvs true
  kubectl apply -f "$MANIFEST"
  kubectl -n metallb-system get secret memberlist >/dev/null 2>&1 ||
    kubectl -n metallb-system create secret generic memberlist --from-literal=secretkey="$(openssl rand -base64 128)"
  pool | kubectl apply -f -
  kubectl -n metallb-system rollout status deployment/controller --timeout=180s
  kubectl -n metallb-system rollout status daemonset/speaker --timeout=180s
  wait_for "an address of Service $SERVICE" has_address
}

# Fails at the first thing that is not as install left it.
look() {
  on_nodes <<'EOF'
command -v ipset
command -v ipvsadm
loaded=$(lsmod)
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nf_conntrack; do
  grep -x "$module" /etc/modules-load.d/ipvs.conf
  echo "$loaded" | grep "^$module "
done
ipvsadm -Ln | grep -c '^TCP'
EOF
  kube_proxy get configmap kube-proxy -o yaml >"$scratch/now.yaml"
  grep -x ' *mode: "\{0,1\}ipvs"\{0,1\}' "$scratch/now.yaml"
  grep -x ' *strictARP: true' "$scratch/now.yaml"
  kubectl diff -f "$MANIFEST"
  pool | kubectl diff -f -
  kubectl -n metallb-system get secret memberlist
  kubectl -n metallb-system get pods -o wide
  kubectl get service "$SERVICE"
  has_address
}

undo() {
  kubectl delete -f "$MANIFEST" --ignore-not-found
  set_kube_proxy "" false
  on_nodes <<'EOF'
rm -f /etc/modules-load.d/ipvs.conf
DEBIAN_FRONTEND=noninteractive apt-get -q -y purge ipset ipvsadm
EOF
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case ${1:-} in
  install | look | undo) "$1" ;;
  *) fail "expected install, look or undo, not '${1:-}'" ;;
esac

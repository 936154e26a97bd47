# Tells what a node knows of itself and of its cluster, for a first cluster.yaml: one fact a line: kind, name, value. Changes
# nothing, and prints no credential.
. ../../stacks/shared/scripts/lib/environment.sh
. ../../stacks/kube-proxy/scripts/lib/ask-kube-proxy.sh

# Flatcar and kubespray, RKE2; a PATH that sshd or sudo gives has neither.
PATH=$PATH:$ROOT/opt/bin:$ROOT/var/lib/rancher/rke2/bin

# tell KIND NAME VALUE: nothing where there is no value.
tell() {
  [ -z "$3" ] || printf '%s %s %s\n' "$1" "$2" "$3"
}

# processes NAME: their folders in /proc, one a line.
processes() {
  grep -lx "$1" "$ROOT"/proc/[0-9]*/comm 2>/dev/null | sed 's:/comm$::'
}

# argument_of PROGRAM NAME: the value of an argument --NAME=VALUE, or of --NAME VALUE, of what runs.
argument_of() {
  processes "$1" | while read -r process; do
    tr '\000' '\n' <"$process/cmdline" | awk -v name="--$2" '
      is_next { print }
      index($0, name "=") == 1 { print substr($0, length(name) + 2) }
      { is_next = $0 == name }'
  done | tail -n 1
}

# plain: without the quotes that a template may put around a value.
plain() {
  tr -d "\"'" | head -n 1
}

# kubelet's own rule: its argument, or else the host's name in small letters.
name=$(argument_of kubelet hostname-override)
[ -n "$name" ] || name=$(tr '[:upper:]' '[:lower:]' <"$ROOT/proc/sys/kernel/hostname")
tell node name "$name"

# version_by COMMAND...: the version that a program tells, such as v1.35.4 or v1.31.4+k3s1.
version_by() {
  command -v "$1" >/dev/null 2>&1 || return 0
  timeout 10 "$@" 2>/dev/null | sed -n 's/.*\(v1\.[0-9][^ ]*\).*/\1/p' | head -n 1
}

for program in "kubelet --version" "k3s --version" "k0s version"; do
  # shellcheck disable=SC2086 # words
  version=$(version_by $program)
  [ -z "$version" ] || break
done
tell kubelet version "$version"

# Where kubelet has the API server; the file holds a key, too, or names one.
url=$(sed -n 's/^ *server: *//p' "$ROOT/etc/kubernetes/kubelet.conf" 2>/dev/null | plain)
tell kubelet server "$url"

role=
for file in /etc/kubernetes/admin.conf /etc/rancher/k3s/k3s.yaml /etc/rancher/rke2/rke2.yaml /var/lib/k0s/pki/admin.conf; do
  [ -r "$ROOT$file" ] || continue
  role=control-plane
  tell kubeconfig file "$file"
  tell kubeconfig context "$(sed -n 's/^current-context: *//p' "$ROOT$file" | plain)"
  tell kubeconfig server "$(sed -n 's/^ *server: *//p' "$ROOT$file" | plain)"
  tell kubeconfig cluster "$(awk '/^[^ -]/ { inside = /^clusters:/ } inside && /^ *-? *name:/ { print $NF; exit }' "$ROOT$file" | plain)"
  break
done

# kubelet's own pods of the control plane, as kubeadm writes them.
manifests=$ROOT/etc/kubernetes/manifests
# argument_in PROGRAM NAME
argument_in() {
  sed -n "s/^ *- [\"']*--$2=//p" "$manifests/$1.yaml" 2>/dev/null | tail -n 1 | plain
}
if [ -r "$manifests/kube-apiserver.yaml" ]; then
  role=control-plane
  tell kube-apiserver version "$(sed -n 's/^ *image: .*:\(v[0-9][^@ ]*\).*$/\1/p' "$manifests/kube-apiserver.yaml" | head -n 1)"
  tell kube-apiserver service-cluster-ip-range "$(argument_in kube-apiserver service-cluster-ip-range)"
  tell kube-controller-manager cluster-cidr "$(argument_in kube-controller-manager cluster-cidr)"
fi
tell node role "$role"

for words in kubectl "k3s kubectl" "k0s kubectl"; do
  program=$(command -v "${words%% *}" 2>/dev/null) || continue
  tell kubectl command "$program${words#"${words%% *}"}"
  break
done

if [ -n "$(processes kube-proxy)" ]; then
  tell proxy runs yes
  # The mode is a word, the configuration a JSON object.
  proxy=$(ask_proxy /proxyMode /configz) || proxy=
  tell proxy mode "${proxy%%\{*}"
  case $proxy in *\{*) tell proxy config "{${proxy#*\{}" ;; esac
fi

if [ -n "$(processes speaker)" ]; then tell metallb speaker yes; fi

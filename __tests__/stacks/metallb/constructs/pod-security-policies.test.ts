import { PodSecurityPolicies } from "../../../../stacks/metallb/constructs/pod-security-policies";
import { synthesisedResources } from "../../../synthesised";

test("the policies let the speaker use the host's network and raw sockets, and the controller nothing", () => {
  // when
  const resources = synthesisedResources(
    (stack) => new PodSecurityPolicies(stack, "pod-security-policies", { version: "0.9.6", memberlistPort: 7946 }),
  );

  // then
  const anyId = { rule: "RunAsAny" };
  const anyIdButRoot = { rule: "MustRunAs", range: [{ min: 1, max: 65535 }] };
  const shared = {
    allow_privilege_escalation: false,
    default_add_capabilities: [],
    default_allow_privilege_escalation: false,
    host_ipc: false,
    host_pid: false,
    read_only_root_filesystem: true,
    required_drop_capabilities: ["ALL"],
    se_linux: anyId,
    volumes: ["configMap", "secret", "emptyDir"],
  };
  expect(resources.kubernetes_pod_security_policy_v1beta1).toStrictEqual({
    controller: {
      metadata: { name: "controller", labels: { app: "metallb" } },
      spec: {
        ...shared,
        allowed_capabilities: [],
        fs_group: anyIdButRoot,
        host_network: false,
        privileged: false,
        run_as_user: anyIdButRoot,
        supplemental_groups: anyIdButRoot,
      },
    },
    speaker: {
      metadata: { name: "speaker", labels: { app: "metallb" } },
      spec: {
        ...shared,
        allowed_capabilities: ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"],
        fs_group: anyId,
        host_network: true,
        host_ports: [{ min: 7472, max: 7472 }],
        privileged: true,
        run_as_user: anyId,
        supplemental_groups: anyId,
      },
    },
  });
});

import { originalModes } from "../../../stacks/kube-proxy/modes";
import {
  excludedNetworks,
  isOneOf,
  linesReadOtherwise,
  oneDocument,
  originalSettings,
  restoreText,
  settingsJson,
} from "../../../stacks/kube-proxy/constructs/expressions";
import { KubeProxyStack } from "../../../stacks/kube-proxy/kube-proxy-stack";
import { NodesStack } from "../../../stacks/nodes/nodes-stack";
import { cluster, clusterInput, hostKeys } from "../../cluster-fixture";
import { addresses, type JsonObject, synthesisedOnce } from "../../synthesised";
import { fault } from "../../faults";

const kubeProxyStack = (changes: Record<string, unknown> = {}) =>
  synthesisedOnce(KubeProxyStack, "kube-proxy", cluster(changes));

/** What a provisioner does, without the connection, which the nodes stack's test covers. */
const remoteExec = (block: JsonObject | undefined) =>
  (
    block?.["provisioner"] as unknown as {
      "remote-exec": { connection: JsonObject; inline: string[]; when?: string };
    }[]
  ).map(({ "remote-exec": { connection, inline, when } }) => ({ host: connection["host"], inline, when }));

const live = 'data.kubernetes_config_map_v1.live.data["config.conf"]';

const ipvs = { mode: "ipvs", strictARP: true, scheduler: "rr" } as const;

const onControlPlane = "NODE='node1'\nSSH_USER='ops'\nSUDO='true'";
const kubeconfig = "KUBECONFIG_FILE='/etc/kubernetes/admin.conf'";

describe("kube-proxy stack", () => {
  test("keeps its resource addresses", () => {
    expect(addresses(kubeProxyStack())).toEqual([
      "data.kubernetes_config_map_v1.cilium-config",
      "data.kubernetes_config_map_v1.kept-original",
      "data.kubernetes_config_map_v1.live",
      "data.kubernetes_resources.daemon-set",
      "data.kubernetes_resources.first-node",
      "kubernetes_annotations.restart",
      "kubernetes_config_map_v1.original",
      "kubernetes_config_map_v1.proof",
      "kubernetes_config_map_v1_data.configuration",
      "null_resource.before-node1",
      "null_resource.before-rack1_node2",
      "null_resource.kubectl-gate",
      "null_resource.modules-node1",
      "null_resource.modules-rack1_node2",
      "null_resource.proof-node1",
      "null_resource.proof-rack1_node2",
      "null_resource.restore",
      "null_resource.rollout",
      "null_resource.rollout-hold",
      "random_id.restart-id",
      "terraform_data.original-settings",
      "terraform_data.proven-nodes",
    ]);
  });

  test(`${fault(60)}: nodes that are called as its own resources and scripts are`, () => {
    const names = ["restore", "rollout", "constructor", "null", "10-0-0-5", "a.b", "a-b"];
    const nodes = names.map((name, index) => ({
      name,
      address: `192.168.1.${index + 10}`,
      role: "control-plane",
      hostKey: hostKeys.node1,
    }));
    expect(addresses(kubeProxyStack({ nodes })).filter((address) => address.includes("null_resource.proof-"))).toEqual(
      ["10-0-0-5", "a-b", "a_b", "constructor", "null", "restore", "rollout"].map(
        (name) => `null_resource.proof-${name}`,
      ),
    );
  });

  test("asks only the cluster and context of the configuration", () => {
    expect(kubeProxyStack().provider["kubernetes"]).toEqual([
      { config_path: "~/.kube/config", config_context: "admin" },
    ]);
  });

  test("takes the cluster from sensitive variables, of which no value is known at synth", () => {
    const stack = kubeProxyStack({ kubernetes: { version: "1.35.4", credentials: "variables" } });
    expect(stack.provider["kubernetes"]).toEqual([
      {
        host: "${var.kubernetes_host}",
        cluster_ca_certificate: "${var.kubernetes_ca_certificate}",
        token: "${var.kubernetes_token}",
      },
    ]);
    expect(Object.values(stack.variable).map(({ sensitive, default: value }) => ({ sensitive, value }))).toEqual([
      { sensitive: true, value: undefined },
      { sensitive: true, value: undefined },
      { sensitive: true, value: undefined },
    ]);
    expect(stack.data["kubernetes_config_map_v1"]?.["live"]?.["lifecycle"]).not.toHaveProperty("precondition");
  });

  test("keeps the original settings once, from the cluster where a lost state has left them there", () => {
    const { resource, data, locals } = kubeProxyStack();
    const name = "baremetal-lb-kube-proxy-original";
    expect(data["kubernetes_config_map_v1"]?.["kept-original"]).toEqual({
      metadata: { name, namespace: "kube-system" },
    });
    expect(resource["terraform_data"]?.["original-settings"]).toEqual({
      input: {
        json:
          '${try(data.kubernetes_config_map_v1.kept-original.data["settings.json"],' +
          ` ${settingsJson("local.current")})}`,
      },
      lifecycle: {
        ignore_changes: ["input"],
        postcondition: [
          {
            condition: `\${${isOneOf("jsondecode(self.input.json).mode", originalModes)}}`,
            error_message: expect.stringContaining("Nothing was changed."),
          },
        ],
      },
    });
    expect(resource["kubernetes_config_map_v1"]?.["original"]).toMatchObject({
      metadata: { name, namespace: "kube-system" },
      data: {
        "settings.json": "${jsonencode(local.restored)}",
        "config.conf": `\${${restoreText("local.current", "local.restored")}}`,
      },
    });
    const sources = {
      current: "local.current",
      kept: 'jsondecode(data.kubernetes_config_map_v1.kept-original.data["settings.json"])',
      original: "jsondecode(terraform_data.original-settings.output.json)",
    };
    expect(locals["restored"]).toBe(`\${${originalSettings(sources, ipvs)}}`);
  });

  test(`${fault(27)}: refuses a cluster without kubeadm's ConfigMap, key or format, and a kubeconfig that is not there`, () => {
    const { data, locals } = kubeProxyStack();
    const lifecycle = data["kubernetes_config_map_v1"]?.["live"]?.["lifecycle"] as unknown as Record<
      string,
      { condition: string; error_message: string }[]
    >;
    expect(locals["kubeconfig"]).toBe("~/.kube/config");
    expect(lifecycle["precondition"]).toEqual([
      {
        condition: "${fileexists(local.kubeconfig)}",
        error_message: "The kubeconfig ~/.kube/config does not exist: set kubernetes.kubeconfig in cluster.yaml.",
      },
    ]);
    const text = 'self.data["config.conf"]';
    const conditions = lifecycle["postcondition"]?.map(({ condition, error_message }) => [
      condition,
      error_message.split(":")[0],
    ]);
    expect(lifecycle["postcondition"]?.slice(0, 2).map(({ error_message }) => error_message)).toEqual([
      "ConfigMap kube-system/kube-proxy does not exist: ${local.elsewhere} Nothing was changed.",
      "ConfigMap kube-system/kube-proxy has no key config.conf: ${local.elsewhere} Nothing was changed.",
    ]);
    expect(conditions).toEqual([
      ["${self.data != null}", "ConfigMap kube-system/kube-proxy does not exist"],
      [
        `\${self.data == null || try(${text}, null) != null}`,
        "ConfigMap kube-system/kube-proxy has no key config.conf",
      ],
      [
        `\${try(${text}, null) == null || try(yamldecode(${oneDocument(text)}).kind, "") == "KubeProxyConfiguration"}`,
        "Key config.conf of ConfigMap kube-system/kube-proxy is no KubeProxyConfiguration in one document of YAML (a tab, and a second document, are none)",
      ],
      [
        '${!can(regex("[+]k0s", data.kubernetes_resources.first-node.objects[0].status.nodeInfo.kubeletVersion))}',
        "ConfigMap kube-system/kube-proxy is k0s's, which writes it itself",
      ],
    ]);
  });

  test(`${fault(30)}: writes config.conf alone, by a field manager of its own that takes it over, after the nodes were checked and the original kept`, () => {
    const { resource } = kubeProxyStack();
    expect(resource["kubernetes_config_map_v1_data"]?.["configuration"]).toEqual({
      metadata: { name: "kube-proxy", namespace: "kube-system" },
      data: { "config.conf": "${local.declared}" },
      field_manager: "baremetal-lb",
      force: true,
      depends_on: [
        "kubernetes_config_map_v1.original",
        "null_resource.kubectl-gate",
        "null_resource.modules-node1",
        "null_resource.modules-rack1_node2",
        "null_resource.before-node1",
        "null_resource.before-rack1_node2",
      ],
      lifecycle: {
        precondition: [
          {
            condition: `\${local.declared == ${live} || length(${linesReadOtherwise(live)}) == 0}`,
            error_message: `config.conf of ConfigMap kube-system/kube-proxy has values that Terraform reads otherwise than kube-proxy does: \${join("; ", ${linesReadOtherwise(live)})}. Write numbers in plain decimal digits (0100000, which is octal, as 32768; 131_072 as 131072), dates in quotes, and no tags such as !!int, with 'kubectl -n kube-system edit configmap kube-proxy'. Nothing was changed.`,
          },
        ],
      },
      // A deploy may end before the resource restore is there: see configuration-restore.ts.
      provisioner: resource["null_resource"]?.["restore"]?.["provisioner"],
    });
  });

  test("restarts by a template annotation of another field manager, with a new id for other settings and whenever config.conf was written", () => {
    const { resource } = kubeProxyStack();
    expect(resource["random_id"]?.["restart-id"]).toEqual({
      byte_length: 8,
      keepers: { mode: "ipvs", strictARP: "true", scheduler: "rr" },
      lifecycle: { replace_triggered_by: ["kubernetes_config_map_v1_data.configuration"] },
    });
    expect(resource["kubernetes_annotations"]?.["restart"]).toEqual({
      api_version: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "kube-proxy", namespace: "kube-system" },
      template_annotations: { "baremetal-lb/restart-id": "${random_id.restart-id.hex}" },
      field_manager: "baremetal-lb-restart",
      force: true,
      depends_on: ["kubernetes_config_map_v1_data.configuration", "null_resource.rollout-hold"],
    });
    const hold = resource["null_resource"]?.["rollout-hold"];
    expect(hold).toMatchObject({
      triggers: { restart_id: "${random_id.restart-id.hex}" },
      depends_on: ["kubernetes_config_map_v1_data.configuration"],
    });
    expect(remoteExec(hold)).toEqual([
      { host: "192.168.1.10", inline: [`${onControlPlane}\n${kubeconfig}`, "${local.hold-rollout}"] },
    ]);
  });

  test(`${fault(66)}: replaces and proves node by node, a worker alone first, then proves and cleans every node`, () => {
    const { resource } = kubeProxyStack();
    const ofRoll = (node: string) => ({
      host: "192.168.1.10",
      inline: [`${onControlPlane}\n${kubeconfig}\nWAIT_SECONDS='180'\nNODES='${node}'`, "${local.roll-nodes}"],
    });
    const ofProof = (node: string, host: string) => ({
      host,
      inline: [
        `NODE='${node}'\nSSH_USER='ops'\nSUDO='true'\nMODE='ipvs'\nSTRICT_ARP='true'\nAPI_SERVICE='10.96.0.1:443'\nWAIT_SECONDS='60'`,
        "${local.prove-ipvs}",
      ],
    });
    expect(remoteExec(resource["null_resource"]?.["rollout"])).toEqual([
      ofRoll("rack1.node2"),
      ofProof("rack1.node2", "192.168.1.11"),
      ofRoll("node1"),
      ofProof("node1", "192.168.1.10"),
      { host: "192.168.1.10", inline: [`${onControlPlane}\n${kubeconfig}`, "${local.finish-rollout}"] },
    ]);
    expect(resource["null_resource"]?.["rollout"]).toMatchObject({
      depends_on: ["kubernetes_annotations.restart"],
      lifecycle: { replace_triggered_by: ["kubernetes_annotations.restart", "null_resource.rollout-hold"] },
    });
    const proof = resource["null_resource"]?.["proof-rack1_node2"];
    expect(remoteExec(proof)).toEqual([
      {
        host: "192.168.1.11",
        inline: [
          "NODE='rack1.node2'\nSSH_USER='ops'\nSUDO='true'\nMODE='ipvs'\nSTRICT_ARP='true'\nAPI_SERVICE='10.96.0.1:443'\nWAIT_SECONDS='60'",
          "${local.prove-ipvs}",
        ],
      },
      {
        host: "192.168.1.11",
        inline: ["NODE='rack1.node2'\nSSH_USER='ops'\nSUDO='true'\nMODE='ipvs'", "${local.clean-other-modes}"],
      },
    ]);
    expect(proof?.["depends_on"]).toEqual(["null_resource.rollout"]);
    expect(proof?.["lifecycle"]).toEqual({ replace_triggered_by: ["null_resource.rollout"] });
    expect(proof?.["triggers"]).toEqual({
      address: "192.168.1.11",
      host_key: hostKeys.node2,
      restart_id: "${random_id.restart-id.hex}",
      script: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test(`${fault(67)}: another number of nodes at a time, or another node, starts no roll`, () => {
    const rollout = (changes: Record<string, unknown>) =>
      kubeProxyStack(changes).resource["null_resource"]?.["rollout"];
    const before = rollout({});
    for (const changes of [{ kubeProxy: { maxUnavailable: "50%" } }, { nodes: clusterInput.nodes.slice(0, 1) }]) {
      expect(rollout(changes)?.["triggers"]).toEqual(before?.["triggers"]);
    }
    expect(kubeProxyStack({ kubeProxy: { maxUnavailable: 3 } }).resource["random_id"]).toEqual(
      kubeProxyStack().resource["random_id"],
    );
  });

  test(`${fault(64)}: asks for kubectl on the control-plane node before anything is changed`, () => {
    const gate = kubeProxyStack().resource["null_resource"]?.["kubectl-gate"];
    expect(remoteExec(gate)).toEqual([
      { host: "192.168.1.10", inline: [`${onControlPlane}\n${kubeconfig}`, "${local.require-kubectl}"] },
    ]);
    expect(gate?.["triggers"]).toEqual({
      script: expect.stringMatching(/^[0-9a-f]{16}$/),
      address: "192.168.1.10",
      host_key: hostKeys.node1,
    });
  });

  test("writes an IPv6 API Service in brackets", () => {
    const kubernetes = { version: "1.35.4", context: "admin", podCIDR: "fd00:10::/64", serviceCIDR: "fd00:96::/112" };
    const [proof] = remoteExec(kubeProxyStack({ kubernetes }).resource["null_resource"]?.["proof-node1"]);
    expect(proof?.inline[0]).toContain("API_SERVICE='[fd00:96::1]:443'");
  });

  test("never replaces a node's cleanup, which would clean a node that IPVS serves", () => {
    const cleanup = kubeProxyStack().resource["null_resource"]?.["before-node1"];
    expect(cleanup?.["lifecycle"]).toEqual({ ignore_changes: ["triggers"] });
    expect(cleanup?.["depends_on"]).toEqual(["null_resource.modules-node1"]);
    expect(remoteExec(cleanup)).toEqual([
      {
        host: "192.168.1.10",
        inline: ["NODE='node1'\nSSH_USER='ops'\nSUDO='true'", "${local.note-kernel-settings}"],
      },
      {
        host: "192.168.1.10",
        when: "destroy",
        inline: [
          "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nMODE='ipvs'\nWAIT_SECONDS='180'\nORIGINAL_MODE='${replace(self.triggers.original_mode, \"'\", \"'\\\\''\")}'",
          '${file("${path.module}/restore-node.sh")}',
        ],
      },
    ]);
  });

  describe("the gate of a node", () => {
    const gate = (changes: Record<string, unknown> = {}) =>
      kubeProxyStack(changes).resource["null_resource"]?.["modules-rack1_node2"];
    const triggers = (changes: Record<string, unknown> = {}) => gate(changes)?.["triggers"] as JsonObject;

    test(`${fault(44)}: asks what the stack nodes has to have done, before the node's settings are noted`, () => {
      expect(remoteExec(gate())).toEqual([
        {
          host: "192.168.1.11",
          inline: [
            "NODE='rack1.node2'\nSSH_USER='ops'\nSUDO='true'\nSCHEDULER='rr'\nEXCLUDE_CIDRS=" +
              `'\${replace(${excludedNetworks("local.current", ipvs)}, "'", "'\\\\''")}'`,
            "${local.require-prepared-node}",
          ],
        },
      ]);
      const nodes = synthesisedOnce(NodesStack, "nodes", cluster()).resource["null_resource"];
      expect(triggers()).toEqual({
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
        install: (nodes?.["rack1_node2"]?.["triggers"] as JsonObject)["script"],
        settings: '{"mode":"ipvs","strictARP":true,"scheduler":"rr"}',
        address: "192.168.1.11",
        host_key: hostKeys.node2,
      });
      expect(gate()).not.toHaveProperty("lifecycle");
    });

    test(`${fault(196)}: asks for the work of the stack nodes with the speakers' own port, too`, () => {
      const changes = { metallb: { ...clusterInput.metallb, speaker: { memberlist: { bindPort: 7947 } } } };
      const nodes = synthesisedOnce(NodesStack, "nodes", cluster(changes)).resource["null_resource"];
      const { script } = nodes?.["rack1_node2"]?.["triggers"] as JsonObject;
      expect(triggers(changes)["install"]).toBe(script);
      expect(triggers()["install"]).not.toBe(script);
    });

    test(`${fault(44)}: is asked again for other settings and for a re-imaged node`, () => {
      const changed = (changes: Record<string, unknown>) => {
        const [before, after] = [triggers(), triggers(changes)];
        return Object.keys(before)
          .filter((key) => before[key] !== after[key])
          .sort();
      };
      expect(changed({ kubeProxy: { scheduler: "lc" } })).toEqual(["install", "script", "settings"]);
      expect(changed({ kubeProxy: { strictARP: false } })).toEqual(["settings"]);
      const [node1, node2] = clusterInput.nodes;
      expect(changed({ nodes: [node1, { ...node2, hostKey: hostKeys.bastion }] })).toEqual(["host_key"]);
      expect(changed({ nodes: [node1, { ...node2, address: "192.168.1.12" }] })).toEqual(["address"]);
    });
  });

  test(`${fault(44)}: what was proven is recorded in the cluster after every proof, and anew with each`, () => {
    const proofs = ["null_resource.proof-node1", "null_resource.proof-rack1_node2"];
    expect(kubeProxyStack().resource["kubernetes_config_map_v1"]?.["proof"]).toEqual({
      metadata: {
        name: "baremetal-lb-kube-proxy-proof",
        namespace: "kube-system",
        annotations: {
          "baremetal-lb/purpose":
            "what baremetal-lb has proven of kube-proxy on every node; metallb is deployed on top of it",
        },
      },
      data: { mode: "ipvs", strictARP: "true", "restart-id": "${random_id.restart-id.hex}" },
      depends_on: proofs,
      lifecycle: { replace_triggered_by: [...proofs, "terraform_data.proven-nodes"] },
    });
  });

  test("is destroyed by restoring first: the step depends on all that it must run before", () => {
    const restore = kubeProxyStack().resource["null_resource"]?.["restore"];
    expect(restore).not.toHaveProperty("triggers");
    expect(restore?.["depends_on"]).toEqual([
      "kubernetes_config_map_v1.original",
      "kubernetes_config_map_v1_data.configuration",
      "kubernetes_annotations.restart",
    ]);
    expect(remoteExec(restore)).toEqual([
      {
        host: "192.168.1.10",
        when: "destroy",
        inline: [
          "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nKUBECONFIG_FILE='/etc/kubernetes/admin.conf'\nORIGINAL_CONFIGMAP='baremetal-lb-kube-proxy-original'\nMAX_UNAVAILABLE='1'",
          '${file("${path.module}/restore-configuration.sh")}',
        ],
      },
    ]);
  });

  describe(`${fault(158)}: where the key is a variable`, () => {
    const stack = kubeProxyStack({ ssh: { user: "ops", privateKeyVariable: true } });
    const refusal = [
      {
        "local-exec": {
          when: "destroy",
          command:
            "echo 'The kube-proxy stack cannot be destroyed while ssh.privateKeyVariable is true: the restore step runs" +
            " when the stack is destroyed, and Terraform gives no variables to such steps. Set ssh.privateKeyFile or" +
            " ssh.agent instead, deploy kube-proxy, then destroy it. kube-proxy was not changed.' >&2; exit 1",
        },
      },
    ];

    test("the way back refuses to be destroyed, and names the way out", () => {
      expect(stack.resource["null_resource"]?.["restore"]?.["provisioner"]).toEqual(refusal);
    });

    test("so does the one resource that is destroyed before all others", () => {
      expect(stack.resource["null_resource"]?.["destroy-gate"]?.["provisioner"]).toEqual(refusal);
      const blocks = Object.entries(stack.resource).flatMap(([type, byName]) =>
        Object.entries(byName).map(([name, block]) => ({ address: `${type}.${name}`, text: JSON.stringify(block) })),
      );
      const before = new Set(["null_resource.destroy-gate"]);
      for (const address of before) {
        const text = blocks.find((block) => block.address === address)?.text ?? "";
        // A name may begin with another one: what follows must be no part of it.
        for (const other of blocks) if (new RegExp(`${other.address}(?![\\w-])`).test(text)) before.add(other.address);
      }
      expect([...before].sort()).toEqual(blocks.map(({ address }) => address).sort());
    });

    test("where the key is none, there is no such resource", () => {
      expect(Object.keys(kubeProxyStack().resource["null_resource"] ?? {})).not.toContain("destroy-gate");
    });
  });

  test(`${fault(27)}: a ConfigMap without the DaemonSet, which Cilium's users delete, is refused too`, () => {
    expect(kubeProxyStack().data["kubernetes_resources"]?.["daemon-set"]).toEqual({
      api_version: "apps/v1",
      kind: "DaemonSet",
      namespace: "kube-system",
      field_selector: "metadata.name=kube-proxy",
      depends_on: ["data.kubernetes_config_map_v1.live"],
      lifecycle: {
        postcondition: [
          {
            condition: "${length(self.objects) > 0}",
            error_message: "DaemonSet kube-system/kube-proxy does not exist: ${local.elsewhere} Nothing was changed.",
          },
        ],
      },
    });
  });

  test(`${fault(14)}: IPVS mode is refused where kube-proxy's gate for it is off, once it is off by default`, () => {
    const messages = (version: string, mode: string) => {
      const kubernetes = { ...clusterInput.kubernetes, version };
      const live = kubeProxyStack({ kubernetes, kubeProxy: { mode } }).data["kubernetes_config_map_v1"]?.["live"];
      const { postcondition } = live?.["lifecycle"] as unknown as { postcondition: { condition: string }[] };
      return postcondition.map(({ condition }) => condition).filter((condition) => condition.includes("KubeProxyIPVS"));
    };
    expect(messages("1.39", "ipvs")).toEqual([]);
    expect(messages("1.40", "nftables")).toEqual([]);
    expect(messages("1.40", "ipvs")).toEqual([
      `\${try(self.data["config.conf"], null) == null || try(yamldecode(${oneDocument('self.data["config.conf"]')}).featureGates.KubeProxyIPVS, false) == true}`,
    ]);
  });

  test("a further key of IPVS is written, restarts kube-proxy and asks the nodes again; without it all is as before", () => {
    const { resource, locals } = kubeProxyStack({
      kubeProxy: { excludeCIDRs: ["10.0.0.0/8", "fd00::/64"], tcpTimeout: "15m", udpTimeout: "90s" },
    });
    expect(resource["random_id"]?.["restart-id"]?.["keepers"]).toEqual({
      mode: "ipvs",
      strictARP: "true",
      scheduler: "rr",
      excludeCIDRs: "10.0.0.0/8,fd00::/64",
      tcpTimeout: "15m0s",
      udpTimeout: "1m30s",
    });
    expect((resource["null_resource"]?.["modules-node1"]?.["triggers"] as JsonObject)["settings"]).toBe(
      '{"mode":"ipvs","strictARP":true,"scheduler":"rr","excludeCIDRs":["10.0.0.0/8","fd00::/64"],"tcpTimeout":"15m0s","udpTimeout":"1m30s"}',
    );
    expect(locals["declared"]).toContain('excludeCIDRs = ["10.0.0.0/8", "fd00::/64"], tcpTimeout = "15m0s"');
  });

  describe.each(["iptables", "nftables"] as const)("in mode %s", (mode) => {
    const stack = () => kubeProxyStack({ kubeProxy: { mode } });

    test("has the same resources, so that a change of the mode replaces none but the proofs", () => {
      expect(addresses(stack())).toEqual(addresses(kubeProxyStack()));
    });

    test(`${fault(50)}: writes the mode alone, proves it on every node, and only then cleans`, () => {
      const { resource, locals } = stack();
      expect(resource["random_id"]?.["restart-id"]?.["keepers"]).toEqual({ mode });
      expect(locals["declared"]).toContain(`yamlencode(merge(local.current, { mode = "${mode}" }))`);
      expect(remoteExec(resource["null_resource"]?.["proof-node1"])).toEqual([
        {
          host: "192.168.1.10",
          inline: [
            `NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nMODE='${mode}'\nAPI_SERVICE='10.96.0.1:443'\nWAIT_SECONDS='60'`,
            "${local.prove-rules}",
          ],
        },
        {
          host: "192.168.1.10",
          inline: [`NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nMODE='${mode}'`, "${local.clean-other-modes}"],
        },
      ]);
      expect(resource["kubernetes_config_map_v1"]?.["proof"]?.["data"]).toEqual({
        mode,
        "restart-id": "${random_id.restart-id.hex}",
      });
    });

    test(`${fault(44)}: the gate asks for what that mode needs`, () => {
      const gate = stack().resource["null_resource"]?.["modules-node1"];
      expect(remoteExec(gate)[0]?.inline[0]).toBe(`NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nMODE='${mode}'`);
      expect((gate?.["triggers"] as JsonObject)["settings"]).toBe(`{"mode":"${mode}"}`);
    });
  });

  describe("of a kube-proxy that is not managed", () => {
    const stack = () => kubeProxyStack({ kubeProxy: "unmanaged" });

    test("changes nothing: a proof on every node, and the record of it", () => {
      const { resource } = stack();
      expect(addresses(stack())).toEqual([
        "data.kubernetes_config_map_v1.kept-original",
        "kubernetes_config_map_v1.proof",
        "null_resource.proof-node1",
        "null_resource.proof-rack1_node2",
        "null_resource.restore",
        "terraform_data.proven-nodes",
      ]);
      const proof = resource["null_resource"]?.["proof-rack1_node2"];
      expect(proof?.["triggers"]).toEqual({
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
        address: "192.168.1.11",
        host_key: hostKeys.node2,
      });
      expect(remoteExec(proof)).toEqual([
        {
          host: "192.168.1.11",
          inline: ["NODE='rack1.node2'\nSSH_USER='ops'\nSUDO='true'", "${local.prove-unmanaged}"],
        },
      ]);
      const proofs = ["null_resource.proof-node1", "null_resource.proof-rack1_node2"];
      expect(resource["kubernetes_config_map_v1"]?.["proof"]).toMatchObject({
        data: { mode: "unmanaged" },
        depends_on: proofs,
        lifecycle: { replace_triggered_by: [...proofs, "terraform_data.proven-nodes"] },
      });
    });

    test(`${fault(53)}: refuses to let go of a kube-proxy that this project has changed, by plan and by destroy`, () => {
      const refusal =
        "kube-proxy of this cluster was changed by this project, which has to put it back before it lets go of it:" +
        " write kubeProxy in cluster.yaml as it was, run cdktf destroy kube-proxy --ignore-missing-stack-dependencies, and only then set kubeProxy:" +
        " unmanaged. Nothing was changed.";
      const { resource, data } = stack();
      expect(data["kubernetes_config_map_v1"]?.["kept-original"]).toEqual({
        metadata: { name: "baremetal-lb-kube-proxy-original", namespace: "kube-system" },
        lifecycle: { postcondition: [{ condition: "${self.data == null}", error_message: refusal }] },
      });
      expect(resource["null_resource"]?.["restore"]).toEqual({
        count: 0,
        provisioner: [{ "local-exec": { when: "destroy", command: `echo '${refusal}' >&2; exit 1` } }],
      });
    });
  });
});

import { scriptText } from "../../../stacks/shared/script";
import { NodesStack } from "../../../stacks/nodes/nodes-stack";
import { cluster, clusterInput, hostKeys } from "../../cluster-fixture";
import { fault } from "../../faults";
import { addresses, type JsonObject, synthesisedOnce } from "../../synthesised";

const nodesStack = (changes: Record<string, unknown> = {}) => synthesisedOnce(NodesStack, "nodes", cluster(changes));

const escaped = (text: string): string => text.replaceAll("${", () => "$${");

const connection = (script: string) => ({
  type: "ssh",
  host: "192.168.1.10",
  port: 22,
  user: "ops",
  timeout: "60s",
  host_key: hostKeys.node1,
  agent: "false",
  private_key: '${file("~/.ssh/id_ed25519")}',
  script_path: `:&&exec sh *baremetal-lb-${script}-%RAND%*;true`,
});

/** They are names of the stack's own constructs, of JavaScript's objects, or none in Terraform. */
const oddNames = [
  "null",
  "backend",
  "prepare-node",
  "constructor",
  "terraform",
  "true",
  "removal-null",
  "10-0-0-5",
  "10.0.0.6",
  "a.b",
  "a-b",
];

describe("nodes stack", () => {
  test("keeps its resource addresses", () => {
    expect(addresses(nodesStack())).toEqual([
      "null_resource._removal-node1",
      "null_resource._removal-rack1_node2",
      "null_resource.node1",
      "null_resource.rack1_node2",
    ]);
  });

  test(`${fault(196)}: another port of the speakers' memberlist is a parameter, and the usual one is none`, () => {
    const of = (speaker: object) => {
      const { resource, locals } = nodesStack({ metallb: { ...clusterInput.metallb, speaker } });
      const node = resource["null_resource"]?.["node1"] as JsonObject;
      const [{ "remote-exec": exec }] = node["provisioner"] as [
        { readonly "remote-exec": { readonly inline: string[] } },
      ];
      return { script: (node["triggers"] as JsonObject)["script"], head: exec.inline[0], locals };
    };
    const [usual, other] = [of({}), of({ memberlist: { bindPort: 7947 } })];
    expect(usual.head).not.toContain("memberlist_ports");
    expect(JSON.stringify(usual.locals)).toContain("7946/tcp 7946/udp");
    expect(of({ memberlist: { bindPort: 7946 } })).toStrictEqual(usual);
    expect(other.head).toContain("memberlist_ports='7947/tcp 7947/udp'");
    expect(JSON.stringify(other.locals)).not.toContain("7946");
    expect(other.script).not.toBe(usual.script);
    expect(of({ memberlist: { enabled: false } }).head).toContain("memberlist_ports=''");
  });

  test(`${fault(250)}: frr-k8s' webhook is opened, too, from the version on in which it is on nodes' own network`, () => {
    const ports = (version: string, bgpType: string, memberlist: object = {}) => {
      const metallb = { ...clusterInput.metallb, version, bgpType, speaker: { memberlist } };
      const { resource } = nodesStack({ metallb });
      return /memberlist_ports='([^']*)'/.exec(JSON.stringify(resource["null_resource"]?.["node1"]))?.[1];
    };
    expect(ports("0.15.2", "frr")).toBeUndefined();
    expect(ports("0.14.9", "frr-k8s")).toBeUndefined();
    expect(ports("0.15.2", "frr-k8s")).toBe("7946/tcp 7946/udp 19443/tcp");
    expect(ports("0.16.2", "frr-k8s", { enabled: false })).toBe("19443/tcp");
  });

  test("keeps the address of a node that changes its place in the list", () => {
    const nodes = [
      { name: "rack1.node2", address: "192.168.1.11", hostKey: hostKeys.node2 },
      { name: "node1", address: "192.168.1.10", role: "control-plane", hostKey: hostKeys.node1 },
    ];
    expect(nodesStack({ nodes }).resource).toEqual(nodesStack().resource);
  });

  test("gives each node a resource that prepares it", () => {
    expect(nodesStack().resource["null_resource"]?.["node1"]).toEqual({
      triggers: {
        address: "192.168.1.10",
        host_key: hostKeys.node1,
        script: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      depends_on: ["null_resource._removal-node1"],
      provisioner: [
        {
          "remote-exec": {
            connection: connection("prepare-node"),
            inline: [
              "NODE='node1'\nSSH_USER='ops'\nSUDO='true'\nSCHEDULER='rr'\nPACKAGE_TIMEOUT_SECONDS='300'\nNODE_ADDRESS='192.168.1.10'",
              "${local.prepare-node}",
            ],
          },
        },
      ],
    });
  });

  test(`${fault(125)}: takes it back at destroy only, by a resource that nothing replaces`, () => {
    expect(nodesStack().resource["null_resource"]?.["_removal-node1"]).toEqual({
      provisioner: [
        {
          "remote-exec": {
            when: "destroy",
            connection: connection("remove-preparation"),
            inline: ["NODE='node1'\nSSH_USER='ops'\nSUDO='true'", '${file("${path.module}/remove-preparation.sh")}'],
          },
        },
      ],
    });
  });

  test("holds the script once, whatever the number of nodes", () => {
    expect(nodesStack().locals).toEqual({ "prepare-node": escaped(scriptText("nodes/prepare-node")) });
  });

  test("runs the script again when its parameters change", () => {
    const trigger = (changes: Record<string, unknown>) =>
      nodesStack(changes).resource["null_resource"]?.["node1"]?.["triggers"] as JsonObject;
    expect(trigger({ kubeProxy: { scheduler: "wlc" } })["script"]).not.toBe(trigger({})["script"]);
  });

  test("keeps its state in the project's folder, by a path that is the same on every machine", () => {
    expect(nodesStack().terraform["backend"]).toEqual({ local: { path: "../../../.state/demo/nodes.tfstate" } });
  });

  test("keeps its state in a workspace of its own in HCP Terraform", () => {
    const state = { backend: "cloud", organization: "acme", project: "edge" };
    expect(nodesStack({ state }).terraform["cloud"]).toEqual({
      hostname: "app.terraform.io",
      organization: "acme",
      workspaces: { name: "demo-nodes", project: "edge" },
    });
  });

  test("pins the provider", () => {
    expect(nodesStack().terraform["required_providers"]).toEqual({
      null: { source: "null", version: "3.2.4" },
    });
  });

  test("uses an agent where told to, and then no key", () => {
    const provisioners = nodesStack({ ssh: { user: "root", agent: true } }).resource["null_resource"]?.["node1"]?.[
      "provisioner"
    ] as { "remote-exec": { connection: Record<string, unknown>; inline: string[] } }[];
    expect(provisioners[0]?.["remote-exec"].connection).toEqual({
      ...connection("prepare-node"),
      user: "root",
      agent: "true",
      private_key: undefined,
    });
    expect(provisioners[0]?.["remote-exec"].inline[0]).toContain("SUDO='false'");
  });

  test("takes the key from a sensitive variable, and then has no step at destroy, which could not use it", () => {
    const stack = nodesStack({ ssh: { user: "ops", privateKeyVariable: true } });
    expect(stack.variable).toEqual({
      ssh_private_key: {
        type: "string",
        sensitive: true,
        description: "The private key, PEM or OpenSSH format, that every node accepts for ssh.user.",
        // What they refuse: variables.test.ts.
        validation: expect.any(Array),
      },
    });
    const provisioners = stack.resource["null_resource"]?.["node1"]?.["provisioner"] as unknown[];
    expect(provisioners).toHaveLength(1);
    expect(provisioners[0]).toMatchObject({
      "remote-exec": { connection: { private_key: "${var.ssh_private_key}", agent: "false" } },
    });
  });

  test("connects through a bastion, whose key is pinned as well", () => {
    const bastion = { host: "203.0.113.7", user: "jump", port: 2222, hostKey: hostKeys.bastion };
    const ssh = { user: "ops", privateKeyFile: "/keys/id", scriptDirectory: "/opt/scripts/", port: 2022, bastion };
    const provisioners = nodesStack({ ssh }).resource["null_resource"]?.["node1"]?.["provisioner"] as unknown[];
    expect(provisioners[0]).toMatchObject({
      "remote-exec": {
        connection: {
          ...connection("prepare-node"),
          port: 2022,
          private_key: '${file("/keys/id")}',
          script_path: `:&&exec sh /${"../".repeat(16)}opt/scripts/*baremetal-lb-prepare-node-%RAND%*;true`,
          bastion_host: "203.0.113.7",
          bastion_user: "jump",
          bastion_port: 2222,
          bastion_host_key: hostKeys.bastion,
          bastion_private_key: '${file("/keys/id")}',
        },
      },
    });
  });

  test(`${fault(60)}: every name that Kubernetes allows for a node has an address of its own`, () => {
    const nodes = oddNames.map((name, index) => ({
      name,
      address: `192.168.1.${index + 10}`,
      role: "control-plane",
      hostKey: hostKeys.node1,
    }));
    expect(addresses(nodesStack({ nodes })).filter((address) => !address.includes("_removal-"))).toEqual(
      [
        "_10-0-0-5",
        "_10_0_0_6",
        "a-b",
        "a_b",
        "backend",
        "constructor",
        "null",
        "prepare-node",
        "removal-null",
        "terraform",
        "true",
      ].map((name) => `null_resource.${name}`),
    );
  });
});

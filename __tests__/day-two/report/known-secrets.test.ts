import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { knowCluster, knowEnvironment, knowFiles } from "../../../day-two/report/known-secrets";
import { Redaction, removed } from "../../../day-two/report/redaction";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import { fault } from "../../faults";
import { type Answer, ApiServer } from "../../remote/kubernetes/api-server";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Those of some values that are not secret after all that is told. */
const open = (redaction: Redaction, values: readonly string[]): string[] =>
  values.filter((value) => redaction.text(`<${value}>`) !== `<${removed}>`);

describe(`${fault(223)}: secrets that are known`, () => {
  test("are those of the environment, within addresses too", () => {
    const environment = {
      TF_VAR_anything: "of a variable",
      TF_VAR_kubernetes_host: "https://192.168.1.10:6443",
      BAREMETAL_LB_SSH_PRIVATE_KEY: "of our own",
      TF_TOKEN_app_terraform_io: "of a server",
      AWS_SECRET_ACCESS_KEY: "of Amazon",
      PGPASSWORD: "of PostgreSQL",
      HTTPS_PROXY: "http://me:of%20a%20proxy@proxy:3128",
      TF_ENCRYPTION: 'key_provider "pbkdf2" "passphrase" {\n passphrase = "of a state"\n}\n',
      HOME: "/home/of-mine",
      SSH_AUTH_SOCK: "/run/agent",
    };
    const redaction = new Redaction();
    knowEnvironment(redaction, { environment });
    expect(
      open(redaction, [
        ...["of a variable", "of our own", "of a server", "of Amazon", "of PostgreSQL", "of a proxy", "of a state"],
        ...["https://192.168.1.10:6443", "/home/of-mine", "/run/agent", "pbkdf2", "passphrase"],
      ]),
    ).toEqual(["https://192.168.1.10:6443", "/home/of-mine", "/run/agent", "pbkdf2", "passphrase"]);
  });

  test("are those of the files that cluster.yaml names, and its own, whatever else is wrong with it", () => {
    const home = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    const write = (name: string, content: unknown) =>
      writeFileSync(join(home, name), typeof content === "string" ? content : stringify(content));
    mkdirSync(join(home, ".kube"));
    write("key", "of the SSH key");
    write("client.key", "of a client's key");
    write("token", "of a token's file\n");
    write(".kube/config", {
      users: [
        { name: "a", user: { "client-key-data": base64("of a key in it"), password: "of a user" } },
        { name: "b", user: { "client-key": "../client.key", tokenFile: join(home, "token") } },
        { name: "c", user: { "auth-provider": { config: { "refresh-token": "of a provider" } } } },
        { name: "d", user: { exec: { env: [{ name: "MY_PASSWORD", value: "of a program" }] } } },
      ],
    });
    write("state.kubeconfig", { users: [{ name: "a", user: { token: "of the states" } }] });
    write(".terraformrc", 'credentials "tfe.example.org" {\n  token = "of a server"\n}\n');
    const known = (changes: object) => {
      const redaction = new Redaction();
      const text = stringify({
        ssh: { privateKeyFile: "~/key" },
        metallb: { peers: [{ password: "of a peer" }] },
        ...changes,
      });
      knowFiles(redaction, `${text}name: twice\nname: twice\n`, { home, environment: {} });
      knowFiles(redaction, text, { home, environment: {} });
      return redaction;
    };
    const always = ["of the SSH key", "of a client's key", "of a token's file", "of a key in it", "of a user"];
    const others = ["of a provider", "of a program", "of a peer"];
    expect(open(known({}), [...always, ...others, "of the states", "of a server"])).toEqual([
      "of the states",
      "of a server",
    ]);
    expect(
      open(known({ state: { backend: "kubernetes", kubeconfig: "~/state.kubeconfig" } }), ["of the states"]),
    ).toEqual([]);
    expect(open(known({ state: { backend: "cloud", hostname: "tfe.example.org" } }), ["of a server"])).toEqual([]);
    expect(() => known({ state: { backend: "cloud" }, kubernetes: { kubeconfig: "~/nowhere" } })).not.toThrow();
    rmSync(home, { recursive: true });
  });

  describe("of the cluster", () => {
    const path = "/api/v1/namespaces/metallb-system/secrets";
    const forbidden: Answer = { status: 403, json: { kind: "Status", message: "forbidden" } };
    const memberlist = { data: { secretkey: base64("of the memberlist") } };
    const known = async (answers: Record<string, Answer>) => {
      const server = await ApiServer.start(answers);
      const credentials = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
      const redaction = new Redaction();
      const note = await knowCluster(redaction, await connectKubernetes(credentials, { home: "", environment: {} }));
      await server.stop();
      return { redaction, note };
    };

    test("are the Secrets of MetalLB's namespace, but for what everybody may see", async () => {
      const items = [
        memberlist,
        { data: { password: base64("of a session"), username: base64("a user"), "tls.crt": base64("a certificate") } },
        { type: "helm.sh/release.v1", data: { release: base64("a whole chart") } },
        {},
      ];
      const { redaction, note } = await known({ [path]: { json: { items } } });
      expect(note).toBeUndefined();
      expect(
        open(redaction, ["of the memberlist", base64("of a session"), "a user", "a certificate", "a whole chart"]),
      ).toEqual(["a user", "a certificate", "a whole chart"]);
    });

    test("are the memberlist's key alone where the others may not be read, and that is said", async () => {
      const { redaction, note } = await known({ [path]: forbidden, [`${path}/memberlist`]: { json: memberlist } });
      expect(open(redaction, ["of the memberlist"])).toEqual([]);
      expect(note).toBe(
        `The Secrets of metallb-system may not be listed (the Kubernetes API answers 403 to GET ${path}: forbidden): what they hold, but for memberlist, is found by its look alone.`,
      );
      const none = await known({ [path]: forbidden, [`${path}/memberlist`]: forbidden });
      expect(none.note).toBe(
        `The cluster's Secrets could not be read (the Kubernetes API answers 403 to GET ${path}/memberlist: forbidden): what they hold is found by its look alone.`,
      );
    });
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { stringify } from "yaml";
import { clusterInput } from "../cluster-fixture";
import { liveCluster, service } from "../day-two/status-cluster";
import { fault } from "../faults";
import { bundled } from "../programs";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { runProgram } from "./run-program";

describe("status --watch", () => {
  let folder: string;
  let port: number;
  let server: ApiServer | undefined;
  let child: ChildProcess | undefined;
  let services: string[];

  const listen = async () => {
    const answers = (path: string) => liveCluster({ services: services.map((name) => service(name)) })[path];
    server = await ApiServer.start(answers, undefined, port);
  };
  const goAway = async () => {
    await server?.stop();
    server = undefined;
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    services = ["web"];
    port = 0;
    await listen();
    port = server?.port ?? 0;
    const kubeconfig = join(folder, "kubeconfig");
    writeKubeconfig(kubeconfig, `http://127.0.0.1:${port}`);
    const kubernetes = { version: "1.18", kubeconfig, context: "admin" };
    writeFileSync(join(folder, "cluster.yaml"), stringify({ ...clusterInput, kubernetes }));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await goAway();
    rmSync(folder, { recursive: true });
  });

  /** Starts it; what it shows, and how it ends. */
  function start(file: string, args: readonly string[]) {
    const env = { PATH: process.env.PATH, HOME: folder, TERM: "xterm", CDKTF_OUTDIR: folder };
    const started = spawn(file, args, { cwd: folder, env });
    child = started;
    let output = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const ended = new Promise<number | null>((done) => started.on("close", done));
    let from = 0;
    /** Waits until something is shown, behind what was waited for before. */
    const shows = async (what: string) => {
      for (let waited = 0; !output.includes(what, from); waited += 1) {
        if (waited > 400) throw new Error(`${what} is not shown in ${JSON.stringify(output.slice(from))}`);
        await new Promise((done) => setTimeout(done, 50));
      }
      from = output.indexOf(what, from) + what.length;
    };
    return { started, ended, shows, output: () => output };
  }

  const statusOf = (rows: string) => `Cluster demo

POOL     PROTOCOL  SIZE  USED  FREE  ADDRESSES
default  layer2    11    0     11    192.168.1.240-192.168.1.250

${rows}
NODE         ADDRESS       STATUS  SINCE                    KUBE-PROXY  SPEAKER
node1        192.168.1.10  Ready   2026-11-24 06:48:47 UTC  ready       ready
rack1.node2  192.168.1.11  Ready   2026-11-24 06:48:47 UTC  ready       ready
`;
  const oneService = statusOf(`SERVICE      ADDRESS  PORTS   ANNOUNCED BY  SINCE
default/web  pending  80/TCP  -             -
`);
  const twoServices = statusOf(`SERVICE       ADDRESS  PORTS   ANNOUNCED BY  SINCE
default/web   pending  80/TCP  -             -
default/mail  pending  80/TCP  -             -
`);
  const refused = /the Kubernetes API cannot be reached: [^\r\n]*/g;

  it(`${fault(230)}: without a terminal appends what changed with the time, while the API goes away and comes back`, async () => {
    const { started, ended, shows, output } = start(process.execPath, [bundled("cli"), "status", "--interval", "1"]);
    await shows("UTC: no change\n");
    await goAway();
    await shows("cannot be reached");
    await listen();
    await shows("it answers again, no change\n");
    services.push("mail");
    await shows("default/mail");
    await shows("\n\n");
    started.kill("SIGINT");
    expect(await ended).toBe(130);

    const said = output()
      .replaceAll(/^(\S+ \S+ UTC)(?=$|:)/gm, "TIME")
      .replaceAll(refused, "REFUSED")
      // How often it asked is the machine's matter.
      .replaceAll("TIME: no change\n", "")
      .replaceAll(/(TIME: REFUSED\n)+/g, "TIME: REFUSED\n");
    expect(said).toBe(`TIME\n${oneService}\nTIME: REFUSED\nTIME: it answers again, no change\nTIME\n${twoServices}\n`);
  }, 60_000);

  /** On a terminal of so many rows; what it draws, one screen an element, and what it leaves behind. */
  function onTerminal(rows: number) {
    const command = `stty rows ${rows} cols 200; exec ${process.execPath} ${bundled("cli")} status --watch`;
    const run = start("script", ["-qec", `${command} --interval 1`, "/dev/null"]);
    const drawn = () => {
      const [, other = ""] = run.output().split("\u001b[?1049h");
      const [inside = "", after = ""] = other.split("\u001b[?1049l");
      const screens = inside.split("\u001b[1;1H\u001b[0J").slice(1);
      const text = (one: string) =>
        stripVTControlCharacters(one.replaceAll("\r\n", "\n"))
          // What the terminal echoes.
          .replace(/\^C$/, "")
          .replaceAll(/^(\S+ \S+ UTC)(?=$|,)/gm, "TIME")
          .replaceAll(refused, "REFUSED")
          .replaceAll(/is of \S+ \S+ UTC/g, "is of TIME");
      return { screens: [...new Set(screens.map(text))], after: text(after) };
    };
    return { ...run, drawn, pressCtrlC: () => run.started.stdin.write("\u0003") };
  }

  it(`${fault(230)}: on a terminal draws it anew, keeps what it knew while the API is away, and leaves the last answer`, async () => {
    const { ended, shows, drawn, pressCtrlC } = onTerminal(60);
    await shows("rack1.node2");
    await goAway();
    await shows("cannot be reached");
    await shows("rack1.node2");
    services.push("mail");
    await listen();
    await shows("default/mail");
    await shows("rack1.node2");
    pressCtrlC();
    expect(await ended).toBe(130);
    const head = "TIME, every 1 s. Ctrl-C ends it.\n";
    expect(drawn()).toStrictEqual({
      screens: [
        "asking the Kubernetes API …",
        `${head}\n${oneService.trimEnd()}`,
        `${head}REFUSED\nWhat follows is of TIME.\n\n${oneService.trimEnd()}`,
        `${head}\n${twoServices.trimEnd()}`,
      ],
      after: `TIME\n${twoServices}`,
    });
  }, 60_000);

  it("of what is longer than the terminal shows as much as fits", async () => {
    const { ended, shows, drawn, pressCtrlC } = onTerminal(8);
    await shows("more lines");
    pressCtrlC();
    expect(await ended).toBe(130);
    expect(drawn().screens[1]).toMatch(
      /^TIME, every 1 s\. Ctrl-C ends it\.\n\nCluster demo\n\nPOOL .*\ndefault .*\n… and 7 more lines$/,
    );
  }, 60_000);

  it("ends at the start where there are no credentials, and is refused with another interval or --json", async () => {
    rmSync(join(folder, "kubeconfig"));
    const missing = `the kubeconfig ${folder}/kubeconfig does not exist: set kubernetes.kubeconfig in cluster.yaml\n`;
    expect(await runProgram(folder, ["status", "-w"])).toStrictEqual({ status: 1, stdout: "", stderr: missing });
    const hint = "(run it with --help to see what it takes)\n";
    for (const interval of ["0", "1.5", "3601", "soon"]) {
      expect(await runProgram(folder, ["status", "--interval", interval])).toStrictEqual({
        status: 1,
        stdout: "",
        stderr: `error: option '--interval <seconds>' argument '${interval}' is invalid. expected seconds, a whole number from 1 to 3600.\n${hint}`,
      });
    }
    expect(await runProgram(folder, ["status", "--watch", "--json"])).toStrictEqual({
      status: 1,
      stdout: "",
      stderr: `error: option '-w, --watch' cannot be used with option '--json'\n${hint}`,
    });
  });
});

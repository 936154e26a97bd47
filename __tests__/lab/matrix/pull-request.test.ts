import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { kubectl } from "../core/cluster";
import { onLab } from "../core/on-lab";

// What a pull request is told of three changes, word for word as docs/ci/comments.md shows it, and the deploy of one of them.

const runs = proven["matrix/pull-request"].runs.map(({ kubernetes, metallb: [version] }) => ({ kubernetes, version }));

/** A comment as documents show it: what is of this run alone has a form of its own there. */
const documented = (comment: string) =>
  comment
    .replace(/^<!--.*-->\n/, "")
    .replace(/`[0-9a-f]{64}`/, "`9f86d08…`")
    .trimEnd();

onLab.each(runs)("a pull request, MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, version }) => {
  let original: string;
  const configuration = () => runFiles(lab.runningLab().lab).clusterConfig;
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, metallb: version });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    original = readFileSync(configuration(), "utf8");
  }, 2_400_000);
  afterAll(() => writeFileSync(configuration(), original));

  /** What `diff` says of the lab's configuration with another text in the place of one. */
  async function diff(text: string, other: string): Promise<{ code: number; comment: string; fingerprint: string }> {
    const changed = original.replace(text, other);
    if (changed === original && text !== other) throw new Error(`no ${text} in:\n${original}`);
    writeFileSync(configuration(), changed);
    const file = join(lab.runningLab().lab.run, "comment.md");
    const { code, output } = await lab.baremetalLb(["diff", "--markdown", file]);
    const comment = readFileSync(file, "utf8");
    const fingerprint = /^Fingerprint: ([0-9a-f]{64})$/m.exec(output)?.[1] ?? "";
    return { code, comment: documented(comment), fingerprint };
  }
  const shown = () => readFileSync(join(__dirname, "../../../docs/ci/comments.md"), "utf8");

  test(`${fault(190)}: nothing of what is deployed`, async () => {
    expect(await diff("", "")).toMatchObject({
      code: 0,
      comment: expect.stringMatching(/^### Cluster lab: nothing would change\n/),
    });
  });

  test(`${fault(190)}: another mode`, async () => {
    const { code, comment } = await diff("metallb:\n", "kubeProxy:\n  mode: iptables\nmetallb:\n");
    expect(code).toBe(2);
    expect(shown()).toContain(comment);
  });

  test(`${fault(190)}: a gate that refuses: no pool holds the address of a Service any more`, async () => {
    const { code, comment } = await diff("10.89.0.240-10.89.0.250", "10.89.0.246-10.89.0.249");
    expect(code).toBe(1);
    expect(shown()).toContain(comment);
  });

  test(`${fault(190)}: another pool`, async () => {
    const { code, comment } = await diff("10.89.0.240-10.89.0.250", "10.89.0.240-10.89.0.252");
    expect(code).toBe(2);
    expect(shown()).toContain(comment);
  });

  test(`${fault(191)}: which is applied as it was approved, and not otherwise`, async () => {
    const { fingerprint } = await diff("10.89.0.240-10.89.0.250", "10.89.0.240-10.89.0.252");
    await diff("10.89.0.240-10.89.0.250", "10.89.0.240-10.89.0.253");
    const refused = await lab.baremetalLb(["apply", "--approved", fingerprint]);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("Nothing was applied: these are not") });

    await diff("10.89.0.240-10.89.0.250", "10.89.0.240-10.89.0.252");
    const applied = await lab.baremetalLb(["apply", "--approved", fingerprint], { timeoutSeconds: 900 });
    if (applied.code !== 0) throw new Error(applied.output);
    const pools = ["-n", "metallb-system", "get", "ipaddresspools", "-o", "jsonpath={.items[*].spec.addresses}"];
    expect(await kubectl(...pools)).toBe('["10.89.0.240-10.89.0.252"]');
    const { status } = JSON.parse((await lab.baremetalLb(["diff", "--json"])).stdout) as { status: string };
    expect(status).toBe("unchanged");
  }, 1_200_000);
});

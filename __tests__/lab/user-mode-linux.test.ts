import { planNode } from "../../lab/network-plan";
import { nodeArguments, nodeDisks, userModeLinuxEnvironment } from "../../lab/user-mode-linux";

test("the kernel's command line", () => {
  const image = { baseImage: "/cache/base.img", metallbImages: ["/cache/a.tar", "/cache/b.tar"] };
  const disks = nodeDisks("/somewhere/run", image, planNode(2));
  expect(nodeArguments(planNode(2), disks, "/somewhere/run/uml")).toStrictEqual([
    "mem=900M",
    "umid=node2",
    "uml_dir=/somewhere/run/uml",
    "ubd0=/somewhere/run/node2.changes,/cache/base.img",
    "ubd1r=/somewhere/run/node2.files.tar",
    "ubd2r=/cache/a.tar",
    "ubd3r=/cache/b.tar",
    "root=/dev/ubda",
    "rootflags=nodelalloc,commit=1",
    "rw",
    "vec0:transport=tap,ifname=tap2,mac=02:00:0a:59:00:0c,depth=128,gro=1",
    "con=null",
    "con0=null,fd:2",
    "con1=fd:0,fd:1",
    "systemd.hostname=node2",
    "systemd.unified_cgroup_hierarchy=1",
    "seccomp=auto",
    "quiet",
  ]);
});

test("the nodes' memory is not put where TMPDIR says", () => {
  const environment = userModeLinuxEnvironment({ TMPDIR: "/var/tmp", TMP: "/a", TEMP: "/b", PATH: "/bin" });
  expect(Object.entries(environment).filter(([, value]) => value !== undefined)).toStrictEqual([["PATH", "/bin"]]);
});

import { cdktfEnvironment } from "../../lab/deploy";
import { openLab } from "../../lab/lab-settings";

test("cdktf is given the lab's configuration and providers, whatever the shell has", () => {
  const lab = openLab({}, { LAB_DIR: "/somewhere" });
  expect(
    cdktfEnvironment(lab, { PATH: "/bin", CLUSTER_CONFIG: "/mine.yaml", TF_CLI_CONFIG_FILE: "/rc" }),
  ).toStrictEqual({
    PATH: "/bin",
    CLUSTER_CONFIG: "/somewhere/run/cluster.yaml",
    TF_CLI_CONFIG_FILE: "/somewhere/run/terraform.rc",
    CHECKPOINT_DISABLE: "1",
    TF_INPUT: "0",
    DISABLE_VERSION_CHECK: "true",
    CI: "1",
    FORCE_COLOR: "0",
  });
});

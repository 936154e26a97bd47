import { createHash } from "node:crypto";
import { ownInstallation } from "../../../day-two/metallb/installation";
import { verifyMemberlistKeys } from "../../../day-two/verify/memberlist-keys";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import { ApiServer } from "../../remote/kubernetes/api-server";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { answersOf, type Objects, paths } from "./healthy-cluster";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the memberlist keys of the speakers", () => {
  let server: ApiServer;
  let objects: Objects;
  let speaker: object;
  beforeEach(async () => {
    speaker = {};
    objects = { [paths.secret]: { data: { secretkey: Buffer.from("the key").toString("base64") } } };
    server = await ApiServer.start(answersOf(objects));
  });
  afterEach(() => server.stop());

  /** What is said of node1, whose speakers started with these keys. */
  const checksOf = async (...speakers: string[]) => {
    const config = cluster({ metallb: { ...clusterInput.metallb, speaker } });
    const { credentials } = cluster({
      kubernetes: { version: "1.35.4", kubeconfig: server.kubeconfig, context: "admin" },
    }).kubernetes;
    const api = await connectKubernetes(credentials, { home: "/", environment: {} });
    const [node1, node2] = cluster().nodes as [never, never];
    return verifyMemberlistKeys(api, config, ownInstallation, [
      { node: node1, answer: { speakers: Object.fromEntries(speakers.map((key, index) => [String(index), key])) } },
      { node: node2, error: new Error("it does not answer") },
    ]);
  };

  const remedy =
    "restart all speakers at the same time: kubectl -n metallb-system delete pods -l app=metallb,component=speaker";
  const check = { id: "metallb.memberlist-key", place: "node1" };

  it(`${fault(169)}: that are the Secret's`, async () => {
    expect(await checksOf(hash("the key"))).toStrictEqual([
      {
        ...check,
        status: "passed",
        text: "speaker on node1 started with the memberlist key of Secret metallb-system/memberlist",
      },
    ]);
  });

  it(`${fault(169)}: of which one is another than the Secret's, and none is shown`, async () => {
    expect(await checksOf(hash("the key"), hash("the key of before"))).toStrictEqual([
      {
        ...check,
        status: "failed",
        text: "speaker on node1 started with another memberlist key than that of Secret metallb-system/memberlist",
        remedy,
      },
    ]);
  });

  it(`${fault(169)}: of which one was changed since the speaker started`, async () => {
    expect(await checksOf("unknown")).toStrictEqual([
      {
        ...check,
        status: "failed",
        text: "speaker on node1 started before the memberlist key of Secret metallb-system/memberlist was changed",
        remedy,
      },
    ]);
  });

  it(`${fault(196)}: are no check where no speaker runs or uses one, or where there is no Secret, which is another check`, async () => {
    expect(await checksOf()).toStrictEqual([]);
    speaker = { memberlist: { enabled: false } };
    expect(await checksOf(hash("another key"))).toStrictEqual([]);
    speaker = {};
    delete objects[paths.secret];
    expect(await checksOf(hash("the key"))).toStrictEqual([]);
  });
});

import { checkSsh } from "../../../../stacks/shared/checks/ssh";
import type { SharedDraft } from "../../../../stacks/shared/draft";
import { fault } from "../../../faults";

const check = (scriptDirectory: string | undefined) =>
  checkSsh(
    { ssh: { user: "ops", agent: true, scriptDirectory } } as unknown as SharedDraft,
    ([, key]) => key === "agent",
  );

test.each(["/tmp", "/tmp/", "/var//tmp", "/dev/shm/scripts", "/opt/../tmp"])(
  `${fault(59)}: ssh.scriptDirectory %s, which everybody may write to, is warned of`,
  (given) => {
    expect(check(given)).toEqual([
      {
        severity: "warning",
        path: ["ssh", "scriptDirectory"],
        given: JSON.stringify(given),
        expected: "a directory that nobody but ssh.user may write to, since what is there is run as root",
        remedy: "leave it out, which takes the home of ssh.user, or name one such as /opt/baremetal-lb",
      },
    ]);
  },
);

test.each([undefined, "/opt/baremetal-lb", "/var/tmpfiles", "/"])("ssh.scriptDirectory %s is fine", (given) => {
  expect(check(given)).toEqual([]);
});

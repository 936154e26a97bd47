import { posix } from "node:path";
import type { SharedDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import type { IsGiven } from "../../../values/draft";

const ways = { privateKeyFile: "privateKeyFile", agent: "agent: true", privateKeyVariable: "privateKeyVariable: true" };

/** How the stacks reach the nodes. */
export function checkSsh(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  return [...authentication(draft, isGiven), ...scriptDirectory(draft)];
}

/** Where every user of a node may make files, by the file hierarchy standard and systemd. */
const openToEverybody = ["/tmp", "/var/tmp", "/usr/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/var/lock"];

function scriptDirectory({ ssh }: SharedDraft): Finding[] {
  const given = ssh?.scriptDirectory;
  const folder = given === undefined ? "" : posix.normalize(given).replace(/\/$/, "");
  if (given === undefined || !openToEverybody.some((open) => folder === open || folder.startsWith(`${open}/`)))
    return [];
  return [
    {
      severity: "warning",
      path: ["ssh", "scriptDirectory"],
      given: JSON.stringify(given),
      expected: "a directory that nobody but ssh.user may write to, since what is there is run as root",
      remedy: "leave it out, which takes the home of ssh.user, or name one such as /opt/baremetal-lb",
    },
  ];
}

/** How the stacks prove who they are: exactly one way. */
function authentication(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  const { ssh } = draft;
  if (ssh === undefined) return [];
  const chosen = (["privateKeyFile", "agent", "privateKeyVariable"] as const)
    .filter((key) => isGiven(["ssh", key]) && ssh[key] !== false)
    .map((key) => ways[key]);
  if (chosen.length === 1) return [];
  return [
    {
      severity: "error",
      path: ["ssh"],
      given: chosen.length === 0 ? "none of its ways to authenticate" : chosen.join(" and "),
      expected: `exactly one of ${Object.values(ways).join(", ")}`,
      remedy: chosen.length === 0 ? "add the one that applies" : "keep one of them",
    },
  ];
}

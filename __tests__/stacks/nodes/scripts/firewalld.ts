import type { NodeUnderTest } from "../../shared/scripts/node-under-test";

/** What a fake firewalld lets through, "public 7946/tcp", now and after a reload. */
const folder = "/firewalld";

/** A firewalld that lets nothing through; its default zone is public, and eth1 is in the zone internal. */
export function firewalld(node: NodeUnderTest, { running = true } = {}): NodeUnderTest {
  const files = node
    .write(`${folder}/runtime`, "")
    .write(`${folder}/permanent`, "")
    .command(
      "firewall-cmd",
      `where=runtime
zone=public
for word; do
  case $word in --permanent) where=permanent ;; --zone=*) zone=\${word#*=} ;; esac
done
[ "$zone" != gone ] || { echo "Error: INVALID_ZONE: gone" >&2; exit 112; }
file=$root${folder}/$where
for word; do
  case $word in
    --state) [ -e "$root${folder}/stopped" ] && exit 252 ;;
    --get-default-zone) echo public ;;
    --get-zone-of-interface=eth1) echo internal ;;
    --get-zone-of-interface=*) echo "no zone" >&2; exit 2 ;;
    --query-port=*) grep -qx "$zone \${word#*=}" "$file" || { echo no; exit 1; } ;;
    --add-port=*) echo "$zone \${word#*=}" >>"$file" ;;
    --remove-port=*) grep -vx "$zone \${word#*=}" "$file" >"$file.new"; mv "$file.new" "$file" ;;
  esac
done
exit 0`,
    )
    .command("ip", `case $* in *" to 192.168.1.10") echo "2: eth0    inet 192.168.1.10/24 brd 192.168.1.255" ;; esac`);
  return running ? files : files.write(`${folder}/stopped`, "");
}

/** What gets through: [now, after a reload]. */
export const letsThrough = (node: NodeUnderTest): string[][] =>
  ["runtime", "permanent"].map((name) => node.read(`${folder}/${name}`).split("\n").slice(0, -1));

export const letThrough = (node: NodeUnderTest, where: "runtime" | "permanent", ...ports: string[]): NodeUnderTest =>
  node.write(`${folder}/${where}`, ports.map((port) => `${port}\n`).join(""));

export const stop = (node: NodeUnderTest): NodeUnderTest => node.write(`${folder}/stopped`, "");

import { NodeUnderTest, type Shell } from "./node-under-test";

/** A fake control-plane node, whose kubectl answers by the words of its call. */
export class ControlPlaneNode extends NodeUnderTest {
  private answers = "";

  constructor(shell: Shell) {
    super(shell);
    this.user(0).clock().write("/etc/kubernetes/admin.conf", "kubeconfig").kubectl();
  }

  /** Where the call contains `words`, kubectl runs `body` (shell; $root is this node's /). The first that fits counts. */
  answer(words: string, body: string): this {
    this.answers += `*'${words}'*) ${body} ;;\n`;
    return this.kubectl();
  }

  private kubectl(): this {
    return this.command("kubectl", `case "$*" in\n${this.answers}*) ;;\nesac`, { environment: ["KUBECONFIG"] });
  }
}

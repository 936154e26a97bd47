import { readConfigText } from "../../../stacks/kube-proxy/config-text";
import { fault } from "../../faults";

describe(`${fault(91)}: config.conf is read as kube-proxy reads it`, () => {
  // Each by sigs.k8s.io/yaml v1.4.0, YAMLToJSON.
  it.each([
    [
      "words for true and false",
      "a: yes\nb: On\nc: no\nd: y\ne: OFF\nf: true\n",
      { a: true, b: true, c: false, d: true, e: false, f: true },
    ],
    ["quotes, which make text", 'a: "yes"\nb: \'true\'\nc: "0100000"\n', { a: "yes", b: "true", c: "0100000" }],
    ["numbers of YAML 1.1", "a: 0100000\nb: 131_072\nc: 0x10\nd: 1e3\n", { a: 32768, b: 131072, c: 16, d: 1000 }],
    [
      "what go-yaml leaves as text",
      "a: 1:30\nb: 2001-12-14\nc: 15m0s\nd: 10.0.0.0/8\n",
      { a: "1:30", b: "2001-12-14", c: "15m0s", d: "10.0.0.0/8" },
    ],
    ["octal numbers in the newer form", "a: 0o17\nb: -0o1_7\nc: [yes, 0o7]\n", { a: 15, b: -15, c: [true, 7] }],
    ["what is in base64, which is its text", "a: !!binary aGk=\n", { a: "hi" }],
    ["nothing, in its forms", "a: ~\nb: null\nc:\nd: ''\n", { a: null, b: null, c: null, d: "" }],
    ["a key twice, of which the last counts", 'mode: ""\nipvs: {}\nmode: ipvs\n', { mode: "ipvs", ipvs: {} }],
    ["a line of three hyphens at the end", "mode: ipvs\n---\n", { mode: "ipvs" }],
    ["a second document", "mode: ipvs\n---\nmode: iptables\n", { mode: "ipvs" }],
    ["a second document that is no YAML", "mode: ipvs\n---\nmode: [\n", { mode: "ipvs" }],
    ["a head, and comments", "# by kubeadm\n---\nmode: ipvs\n", { mode: "ipvs" }],
    [
      "tabs behind a value, and between",
      "mode:\tipvs\t\nipvs:\n  strictARP: true \t# x\n",
      { mode: "ipvs", ipvs: { strictARP: true } },
    ],
    ["anchors and merges", "a: &x {b: 1}\nc: {<<: *x, d: 2}\n", { a: { b: 1 }, c: { b: 1, d: 2 } }],
    ["JSON", '{"mode": "ipvs", "ipvs": {"strictARP": true}}', { mode: "ipvs", ipvs: { strictARP: true } }],
  ])("%s", (_what, text, expected) => {
    expect(readConfigText(text)).toEqual(expected);
  });

  it.each([
    "",
    "# nothing\n",
    "ipvs",
    "- a\n",
    "a: [\n",
    "\tmode: ipvs\n",
    "---\n---\nmode: ipvs\n",
    "a: *x\n",
    "a: .inf\n",
    "a: [.nan]\n",
    "%YAML 1.2\n---\na: yes\n",
  ])("what is no mapping is none: %j", (text) => expect(readConfigText(text)).toBeUndefined());
});

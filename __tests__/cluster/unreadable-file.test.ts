import { fault } from "../faults";
import { edited, problemsIn } from "./sample";

describe("A file that cannot be read", () => {
  it(`${fault(1)}: an empty file is refused`, () => {
    expect(problemsIn("")).toStrictEqual([
      "cluster.yaml:1:1: error: given an empty file; expected a mapping with the keys name, kubernetes, ssh, nodes and metallb; start from cluster.example.yaml",
    ]);
  });

  it(`${fault(1)}: a file of comments alone is empty`, () => {
    expect(problemsIn("# nothing yet\n")).toStrictEqual([
      "cluster.yaml:1:1: error: given an empty file; expected a mapping with the keys name, kubernetes, ssh, nodes and metallb; start from cluster.example.yaml",
    ]);
  });

  it(`${fault(1)}: a list where the mapping belongs is refused`, () => {
    expect(problemsIn("- name: search\n")).toStrictEqual([
      "cluster.yaml:1:1: error: given a list; expected a mapping with the keys name, kubernetes, ssh, nodes and metallb; start from cluster.example.yaml",
    ]);
  });

  it(`${fault(1)}: a tab as indentation is found where it stands`, () => {
    expect(problemsIn(edited(["  context: admin", "\tcontext: admin"]))).toStrictEqual([
      "cluster.yaml:4:1: error: given a tab; expected spaces as indentation; replace every tab at the start of a line by spaces",
    ]);
  });

  it(`${fault(1)}: a tab below a value is found on its own line`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: admin\n  \tkubeconfig: /k"]))).toStrictEqual([
      "cluster.yaml:5:1: error: given a tab; expected spaces as indentation; replace every tab at the start of a line by spaces",
    ]);
  });

  it(`${fault(1)}: a tab that seems to continue the value above it is found on its own line`, () => {
    expect(problemsIn("name: search\n \tssh: 1\n")).toStrictEqual([
      "cluster.yaml:2:1: error: given a tab; expected spaces as indentation; replace every tab at the start of a line by spaces",
    ]);
  });

  it(`${fault(1)}: a duplicate key is found with its first line, and the rest is checked all the same`, () => {
    expect(
      problemsIn(edited(["  agent: true", "  agent: true\n  user: root"], ["scheduler: rr", "scheduler: xx"])),
    ).toStrictEqual([
      "cluster.yaml:8:3: error: ssh.user: given the same key again; expected each key once; it stands on line 6 already; keep one of the two",
      'cluster.yaml:18:14: error: kubeProxy.scheduler: given "xx"; expected one of rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, sh, dh, mh, sed, nq; choose one of them',
    ]);
  });

  it(`${fault(1)}: of a duplicate key's two values the last one counts, and is found where it stands`, () => {
    expect(problemsIn(edited(["  agent: true", "  agent: true\n  user: -ops"]))).toStrictEqual([
      "cluster.yaml:8:3: error: ssh.user: given the same key again; expected each key once; it stands on line 6 already; keep one of the two",
      'cluster.yaml:8:9: error: ssh.user: given "-ops"; expected a user name: letters, digits and _ . @ \\ + -, the first a letter, a digit or _; write the name of a user who exists on the node, such as root or ops',
    ]);
  });

  it(`${fault(1)}: a duplicate key in an item of a list has its path`, () => {
    expect(problemsIn(edited(["    role: control-plane", "    role: control-plane\n    name: master2"]))).toStrictEqual(
      [
        "cluster.yaml:12:5: error: nodes[0].name: given the same key again; expected each key once; it stands on line 9 already; keep one of the two",
      ],
    );
  });

  it(`${fault(1)}: text that is not YAML is one error`, () => {
    expect(problemsIn(edited(["version: 0.9.5", "version: [0.9.5"]))).toStrictEqual([
      "cluster.yaml:20:3: error: given a line whose indentation does not fit, or a [ or { above it that is not closed; expected the same indentation for the keys of a mapping and the items of a list, and a ] or } for each [ or {; align the line with its neighbours, or close what is open above it",
    ]);
  });

  it(`${fault(1)}: an unclosed quote is one error`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: 'admin"]))).toStrictEqual([
      "cluster.yaml:27:1: error: given a text, list or mapping that does not end; expected a closing \", ', ] or }; close what was opened here or above",
    ]);
  });

  it(`${fault(1)}: a second document is refused`, () => {
    expect(problemsIn("name: a\n---\nname: b\n")).toStrictEqual([
      "cluster.yaml:2:1: error: given a second document; expected one document in the file; keep each cluster in a file of its own",
    ]);
  });

  it.each(["---\n", "--- # the end\n\n", "---\n# nothing\n---\n"])(
    `${fault(266)}: %j at the end is called what it is`,
    (end) => {
      expect(problemsIn(`name: a\n${end}`)).toStrictEqual([
        "cluster.yaml:2:1: error: given a line of three hyphens with nothing behind it; expected one document in the file; remove the line",
      ]);
    },
  );

  it(`${fault(1)}: wrong indentation is refused`, () => {
    expect(problemsIn(edited(["  context: admin", "   context: admin"]))).toStrictEqual([
      "cluster.yaml:4:1: error: given a line whose indentation does not fit, or a [ or { above it that is not closed; expected the same indentation for the keys of a mapping and the items of a list, and a ] or } for each [ or {; align the line with its neighbours, or close what is open above it",
    ]);
  });

  it(`${fault(1)}: a second colon on a line is refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: a: b"]))).toStrictEqual([
      "cluster.yaml:4:12: error: given a second colon on the line, or a further indented line below a value; expected one key and one value on a line; put a text with a colon in quotes, or correct the indentation of the next line",
    ]);
  });

  it(`${fault(1)}: an alias without its anchor is refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: *admin"]))).toStrictEqual([
      "cluster.yaml:4:12: error: given an alias (*…) without its anchor (&…), or too many of them; expected an anchor above each alias; write the value itself",
    ]);
  });

  it(`${fault(1)}: aliases that grow beyond all bounds are refused`, () => {
    expect(
      problemsIn(
        "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n",
      ),
    ).toStrictEqual([
      "cluster.yaml:1:1: error: given an alias (*…) without its anchor (&…), or too many of them; expected an anchor above each alias; write the value itself",
    ]);
  });

  it(`${fault(1)}: a tag is refused`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: !secret admin"]))).toStrictEqual([
      "cluster.yaml:4:12: error: given a tag (!…); expected YAML without tags; remove the tag, or put the text in quotes",
    ]);
  });

  it(`${fault(1)}: any other error of syntax is refused with its place`, () => {
    expect(problemsIn(edited(["  context: admin", "  context: @admin"]))).toStrictEqual([
      "cluster.yaml:4:12: error: given a text that is not YAML; expected YAML; correct this line or the one above it; an editor with YAML support shows the place",
    ]);
  });
});

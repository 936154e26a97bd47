import { readFileSync } from "node:fs";
import { join } from "node:path";
import { terminalPicture } from "../../docs/screens/terminal-picture";
import { fault } from "../faults";
import { project } from "./markdown";

describe("the screens", () => {
  const { isTTY } = process.stdout;
  const { FORCE_COLOR } = process.env;
  afterAll(() => {
    process.stdout.isTTY = isTTY;
    if (FORCE_COLOR === undefined) delete process.env["FORCE_COLOR"];
    else process.env["FORCE_COLOR"] = FORCE_COLOR;
  });

  // By themselves, since the programs ask for a terminal when they are loaded.
  let pictures: Readonly<Record<string, string>> = {};
  beforeAll(() =>
    jest.isolateModules(() => {
      pictures = jest
        .requireActual<typeof import("../../docs/screens/screens")>("../../docs/screens/screens")
        .screens();
    }),
  );

  test.each(["status.svg", "drift.svg", "explain.svg", "verify.svg"])(
    `${fault(247)}: %s is what the command prints: npm run screens`,
    (name) => {
      expect(readFileSync(join(project, "docs/pictures", name), "utf8")).toBe(pictures[name]);
    },
  );

  test("are in colour", () => {
    expect(pictures["drift.svg"]).toContain('<tspan class="green">as declared</tspan>');
  });
});

describe("the picture of a terminal", () => {
  const rows = (output: string) =>
    [
      ...terminalPicture({ title: "t", description: "d", command: "c", output }).matchAll(
        /<text x="\d+" y="(\d+)" textLength="([\d.]+)"[^>]*>(.*)<\/text>/g,
      ),
    ].map(([, y, length, text]) => [y, length, text]);

  test("has a row for each line, each as wide as its characters, after the command's", () => {
    expect(rows('a  b\n\u001b[31mno\u001b[39m: <x> & "y"\n')).toEqual([
      ["64", "23.4", "$ c"],
      ["84", "31.2", "a  b"],
      ["104", "101.4", '<tspan class="red">no</tspan>: &lt;x&gt; &amp; &quot;y&quot;'],
    ]);
  });

  test("breaks a line that is wider than a terminal, in its colour", () => {
    const [, first, second] = rows(`ab\u001b[32m${"x".repeat(131)}`);
    expect(first?.[2]).toBe(`ab<tspan class="green">${"x".repeat(130)}</tspan>`);
    expect(second?.[2]).toBe('<tspan class="green">x</tspan>');
  });

  test("refuses a colour that it would lose", () => {
    expect(() => rows("\u001b[35mx")).toThrow("no colour of a picture: 35");
  });
});

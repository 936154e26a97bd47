import { quotedText, templateExpression } from "../../hcl/template";

test.each([
  ["text", "worker1", '"worker1"'],
  ["quotes and backslashes", 'a "b" \\c', '"a \\"b\\" \\\\c"'],
  ["a line's end at the end of one line", "a\n", '"a\\n"'],
  ["other control characters", "a\r\n\u0007b", '"a\\r\\n\\u0007b"'],
  ["nothing", "", '""'],
  ["one expression", "${local.current}", "local.current"],
  ["one expression of two lines", "${[\n1]}", "([\n1])"],
  ["an expression with braces and strings in it", '${{ a = "}${"}" }" }["a"]}', '{ a = "}${"}" }" }["a"]'],
  ["an expression that takes space away", "${~ a ~}", '"${~ a ~}"'],
  ["one that takes it away behind it", "${a ~}", '"${a ~}"'],
  ["two expressions", "${a}${b}", '"${a}${b}"'],
  [
    "an expression in text",
    'mode="${replace(a, "\'", "\'\\\\\'\'")}"',
    '"mode=\\"${replace(a, "\'", "\'\\\\\'\'")}\\""',
  ],
  ["escapes of an expression and of a directive", "$${a}%%{if}", '"$${a}%%{if}"'],
  ["directives", '%{ if a }"%{ endif }', '"%{ if a }\\"%{ endif }"'],
  ["dollars that begin nothing", "$a $ % }", '"$a $ % }"'],
])("%s", (_name, template, expected) => {
  expect(templateExpression(template)).toBe(expected);
});

test("several lines are a heredoc, in which only expressions have a meaning", () => {
  expect(templateExpression('a "\\n"\n\tb ${c}\n')).toBe('<<EOT\na "\\n"\n\tb ${c}\nEOT');
});

test("without a line's end at the end, which each heredoc has, it is taken off", () => {
  expect(templateExpression("a\nb")).toBe("chomp(<<EOT\na\nb\nEOT\n)");
});

test("a heredoc ends with a marker that its text does not have", () => {
  expect(templateExpression("EOT\n  EOT_\n")).toBe("<<EOT__\nEOT\n  EOT_\nEOT__");
});

test("what has no end is not guessed at", () => {
  expect(() => templateExpression('a ${"b}')).toThrow('a string has no end: "b}');
  expect(() => templateExpression("a ${b")).toThrow("an expression has no end: ${b");
});

test("text that is no template stays as it is", () => {
  expect(quotedText('${a} %{b} "c"')).toBe('"$${a} %%{b} \\"c\\""');
});

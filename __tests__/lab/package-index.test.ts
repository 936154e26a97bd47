import { packageStanza, servedName } from "../../lab/build/package-index";

test("a stanza is the control fields, and where and what the file is", () => {
  const control = "Package: ipset\nVersion: 7.17-1\nDepends: libc6 (>= 2.34)\nDescription: administration\n of sets\n";
  expect(packageStanza(control, "ipset.deb", Buffer.from("content"))).toBe(
    [
      "Package: ipset",
      "Version: 7.17-1",
      "Depends: libc6 (>= 2.34)",
      "Description: administration",
      " of sets",
      "Filename: ./ipset.deb",
      "Size: 7",
      "SHA256: ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
      "",
    ].join("\n"),
  );
});

test("a name has no %, which a web server would read as an escape", () => {
  expect(servedName("ipvsadm_1%3a1.31-1_amd64.deb")).toBe("ipvsadm_1.1.31-1_amd64.deb");
});

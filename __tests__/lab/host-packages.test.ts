import { missingPackages } from "../../lab/host-packages";

test("a package that is known but not installed is missing, as is one that is not known", () => {
  const output = "installed curl\nnot-installed gcc\nconfig-files arping\n";
  expect(missingPackages(["arping", "curl", "debootstrap", "gcc"], output)).toStrictEqual([
    "arping",
    "debootstrap",
    "gcc",
  ]);
});

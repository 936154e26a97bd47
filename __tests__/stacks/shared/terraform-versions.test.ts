import { readFileSync } from "node:fs";
import { oldestTerraform, providers } from "../../../stacks/shared/terraform-versions";

test.each(Object.entries(providers))("the provider %s is the one that its CDKTF package pins", (name, provider) => {
  // given
  const packageJson = readFileSync(require.resolve(`@cdktf/provider-${name}/package.json`), "utf8");

  // when
  const { cdktf } = JSON.parse(packageJson) as { cdktf: { provider: { name: string; version: string } } };

  // then
  expect(cdktf.provider).toStrictEqual({
    name: `registry.terraform.io/${provider.source}`,
    version: provider.version,
  });
});

test("every CDKTF provider of package.json is among them", () => {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };
  const used = Object.keys(dependencies).filter((name) => name.startsWith("@cdktf/provider-"));
  expect(used).toStrictEqual(Object.keys(providers).map((name) => `@cdktf/provider-${name}`));
});

test("the oldest Terraform is the first with import blocks", () => {
  expect(oldestTerraform).toBe("1.5.0");
});

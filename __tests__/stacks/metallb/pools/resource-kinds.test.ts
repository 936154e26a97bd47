import { resourceKinds } from "../../../../stacks/metallb/pools/resource-kinds";
import { crdSchemas, crdVersions, type OpenApiSchema } from "../upstream-sources";

type WithDefault = OpenApiSchema & { readonly default?: unknown };

test.each(crdVersions)(
  "the defaults of each kind hold what the CustomResourceDefinition of %s fills in",
  async (version) => {
    const schemas = await crdSchemas(version);
    for (const { kind, version: api, defaults } of resourceKinds) {
      const spec = schemas.get(`${kind} metallb.io/${api}`)?.properties?.["spec"];
      expect(spec).toBeDefined();
      const upstream = Object.entries<WithDefault>(spec?.properties ?? {})
        .filter(([, field]) => field.default !== undefined)
        .map(([name, field]) => [name, field.default]);
      expect(defaults).toMatchObject(Object.fromEntries(upstream) as object);
    }
  },
);

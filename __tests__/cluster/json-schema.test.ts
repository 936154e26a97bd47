import { readFileSync } from "node:fs";
import { clusterJsonSchema, clusterJsonSchemaText } from "../../cluster/json-schema";

describe("cluster.schema.json", () => {
  it("is current: npm run schema writes it", () => {
    expect(readFileSync("cluster.schema.json", "utf8")).toBe(clusterJsonSchemaText());
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(value as Record<string, Record<string, unknown>>)) {
            // A union's discriminator says all there is to say by its value.
            if (property["description"] === undefined && property["const"] === undefined)
              undescribed.push(`${path}.${name}`);
            visit(property, `${path}.${name}`);
          }
        } else if (key !== "default") visit(value, path);
      }
    };
    visit(clusterJsonSchema(), "");
    expect(undescribed).toStrictEqual([]);
  });

  it("lets editors complete what has a default, and asks for the rest", () => {
    expect(clusterJsonSchema()).toMatchObject({
      required: ["name", "kubernetes", "ssh", "nodes", "metallb"],
      additionalProperties: false,
      properties: { kubeProxy: { anyOf: [{ const: "unmanaged" }, { properties: { scheduler: { default: "rr" } } }] } },
    });
  });
});

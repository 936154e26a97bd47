import { z } from "zod";
import { clusterSchema } from "./schema";

/**
 * The JSON Schema of cluster.yaml, from the definition that also validates it. Draft 7 is the newest that editors'
 * YAML support knows in full. It has what one value can say about itself; the checks across fields are in `check` only.
 */
export function clusterJsonSchema() {
  return z.toJSONSchema(clusterSchema, { io: "input", target: "draft-7" });
}

/** The schema as the text of cluster.schema.json, with short lists on one line. */
export function clusterJsonSchemaText(): string {
  const text = JSON.stringify(clusterJsonSchema(), null, 2);
  const inline = text.replace(/^( *)(.*)\[\n([^[\]{}]*?)\n *\](,?)$/gm, (all, indent, start, items, comma) => {
    const line = `${indent}${start}[${items.trim().replace(/\n\s*/g, " ")}]${comma}`;
    return line.length <= 120 ? line : all;
  });
  return `${inline}\n`;
}

if (require.main === module) process.stdout.write(clusterJsonSchemaText());

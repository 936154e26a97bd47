import { differences } from "./compare";
import type { JsonObject } from "../../../synthesised";

const role = (rules: JsonObject): JsonObject => ({ kind: "Role", metadata: { name: "watcher" }, ...rules });

describe("differences", () => {
  test("of equal objects there are none", () => {
    expect(differences([role({ rules: [{ verbs: ["get"] }] })], [role({ rules: [{ verbs: ["get"] }] })])).toStrictEqual(
      [],
    );
  });

  test("name the object, the field's path and both values", () => {
    // given
    const upstream = role({ rules: [{ verbs: ["get", "list"] }], labels: { "a/b": "1" }, empty: [] });
    const ours = role({ rules: [{ verbs: ["get"], more: true }], labels: { "a/b": 1 } });

    // then
    expect(differences([upstream], [ours])).toStrictEqual([
      { object: "Role watcher", path: "empty", upstream: [], ours: "(absent)" },
      { object: "Role watcher", path: 'labels["a/b"]', upstream: "1", ours: 1 },
      { object: "Role watcher", path: "rules[0].more", upstream: "(absent)", ours: true },
      { object: "Role watcher", path: "rules[0].verbs[1]", upstream: "list", ours: "(absent)" },
    ]);
  });

  test("name objects that only one side has", () => {
    expect(differences([role({})], [])).toStrictEqual([
      { object: "Role watcher", path: "", upstream: "(present)", ours: "(absent)" },
    ]);
    expect(differences([], [role({})])).toStrictEqual([
      { object: "Role watcher", path: "", upstream: "(absent)", ours: "(present)" },
    ]);
  });

  test("refuse two objects of one kind and name", () => {
    expect(() => differences([role({}), role({})], [])).toThrow("two objects have the same kind and name");
  });
});

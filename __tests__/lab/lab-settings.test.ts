import { openLab } from "../../lab/lab-settings";

test("a lab has the versions that it is opened with", () => {
  expect(openLab({ nodes: 1, metallb: "0.15.2", alsoMetallb: ["0.9.6"] }, {}).versions).toStrictEqual({
    kubernetes: "1.35.4",
    metallb: "0.15.2",
    alsoMetallb: ["0.9.6"],
  });
});

test("the lab's folder: LAB_DIR, else the cache folder of the user", () => {
  expect(openLab({}, { LAB_DIR: "/lab", XDG_CACHE_HOME: "/cache" }).run).toBe("/lab/run");
  expect(openLab({}, { XDG_CACHE_HOME: "/cache" }).cache).toBe("/cache/baremetal-lb-lab/cache");
  expect(openLab({}, {}).folder).toMatch(/\/\.cache\/baremetal-lb-lab$/);
});

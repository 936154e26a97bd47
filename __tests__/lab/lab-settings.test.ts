import { openLab } from "../../lab/lab-settings";

test("the lab's folder: LAB_DIR, else the cache folder of the user", () => {
  expect(openLab({}, { LAB_DIR: "/lab", XDG_CACHE_HOME: "/cache" }).run).toBe("/lab/run");
  expect(openLab({}, { XDG_CACHE_HOME: "/cache" }).cache).toBe("/cache/baremetal-lb-lab/cache");
  expect(openLab({}, {}).folder).toMatch(/\/\.cache\/baremetal-lb-lab$/);
});

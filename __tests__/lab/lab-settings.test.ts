import { openLab } from "../../lab/lab-settings";

test("a lab has the versions that it is opened with", () => {
  expect(openLab({ nodes: 1, metallb: "0.15.2", alsoMetallb: ["0.9.6"] }, {}).versions).toStrictEqual({
    kubernetes: "1.35.4",
    metallb: "0.15.2",
    alsoMetallb: ["0.9.6"],
    kernel: "6.1",
  });
});

test("the lab's folder: LAB_DIR, else the cache folder of the user", () => {
  expect(openLab({}, { LAB_DIR: "/lab", XDG_CACHE_HOME: "/cache" }).run).toBe("/lab/run");
  expect(openLab({}, { XDG_CACHE_HOME: "/cache" }).cache).toBe("/cache/baremetal-lb-lab/cache");
  expect(openLab({}, {}).folder).toMatch(/\/\.cache\/baremetal-lb-lab$/);
});

test("the nodes' kernel: as asked for, else LAB_KERNEL, else Debian's own", () => {
  expect(openLab({ kernel: "6.1" }, { LAB_KERNEL: "7.2" }).versions.kernel).toBe("6.1");
  expect(openLab({}, { LAB_KERNEL: "7.2" }).versions.kernel).toBe("7.2");
  expect(openLab({}, { LAB_KERNEL: "" }).versions.kernel).toBe("6.1");
  expect(() => openLab({}, { LAB_KERNEL: "5.10" })).toThrow("Linux 5.10: expected one of 6.1, 7.2.");
});

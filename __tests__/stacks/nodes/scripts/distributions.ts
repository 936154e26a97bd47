/** A distribution as its nodes show themselves to the scripts: each is a row of docs/distributions.md. */
export interface Distribution {
  /** The row's first cell. */
  readonly name: string;
  /** /etc/os-release */
  readonly osRelease: string;
  /** uname -r */
  readonly kernel: string;
  /** Package managers that are there, its own and those that it packages for other distributions. */
  readonly managers: readonly string[];
  /** The one that is asked. @default none, since /usr is read-only */
  readonly manager?: string;
  /** Its apt-get is the one for rpm. */
  readonly aptForRpm?: boolean;
  /** The package that is installed where the kernel's modules are missing. @default none */
  readonly modulesPackage?: string | undefined;
  /** /proc/mounts. @default one file system, writable */
  readonly mounts?: string;
}

const osRelease = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}="${value}"\n`)
    .join("");

const enterpriseLinux = (id: string, version: string) =>
  osRelease({ ID: id, ID_LIKE: id === "ol" ? "fedora" : "rhel centos fedora", VERSION_ID: version });

const dnf = { managers: ["dnf", "yum"], manager: "dnf", modulesPackage: "kernel-modules-extra-$(uname -r)" };
const apt = { managers: ["apt-get", "dnf", "zypper"], manager: "apt-get" };
const zypper = { managers: ["dnf", "zypper"], manager: "zypper" };

/** /proc/mounts of a node whose packages can be changed. */
export const writable = "/dev/sda1 / ext4 rw,relatime 0 0\n";

export const distributions: readonly Distribution[] = [
  {
    name: "Enterprise Linux 7",
    osRelease: osRelease({ ID: "centos", ID_LIKE: "rhel fedora", VERSION_ID: "7" }),
    kernel: "3.10.0-1160.el7.x86_64",
    managers: ["yum"],
    manager: "yum",
  },
  {
    name: "Enterprise Linux 8",
    osRelease: enterpriseLinux("rocky", "8.10"),
    kernel: "4.18.0-553.el8_10.x86_64",
    ...dnf,
  },
  {
    name: "Enterprise Linux 9",
    osRelease: osRelease({ ID: "rhel", ID_LIKE: "fedora", VERSION_ID: "9.6" }),
    kernel: "5.14.0-570.12.1.el9_6.x86_64",
    ...dnf,
  },
  {
    name: "Enterprise Linux 10",
    osRelease: enterpriseLinux("almalinux", "10.0"),
    kernel: "6.12.0-55.9.1.el10_0.x86_64",
    ...dnf,
  },
  {
    name: "Oracle Linux 10",
    osRelease: enterpriseLinux("ol", "10.0"),
    kernel: "6.12.0-55.9.1.0.1.el10_0.x86_64",
    ...dnf,
  },
  {
    name: "Oracle Linux, UEK",
    osRelease: enterpriseLinux("ol", "9.1"),
    kernel: "5.15.0-3.60.5.1.el9uek.x86_64",
    ...dnf,
    modulesPackage: undefined,
  },
  {
    name: "Fedora",
    osRelease: osRelease({ ID: "fedora", VERSION_ID: "42" }),
    kernel: "6.14.0-63.fc42.x86_64",
    ...dnf,
    managers: ["apt-get", "dnf", "yum", "zypper"],
  },
  {
    name: "Debian",
    osRelease: osRelease({ ID: "debian", VERSION_ID: "12" }),
    kernel: "6.1.0-37-amd64",
    ...apt,
  },
  {
    name: "Ubuntu",
    osRelease: osRelease({ ID: "ubuntu", ID_LIKE: "debian", VERSION_ID: "24.04" }),
    kernel: "6.8.0-60-generic",
    ...apt,
    modulesPackage: "linux-modules-extra-$(uname -r)",
  },
  {
    name: "ALT Linux",
    osRelease: osRelease({ ID: "altlinux", VERSION_ID: "10" }),
    kernel: "6.1.114-un-def-alt0.c10f.2",
    ...apt,
    managers: ["apt-get"],
    aptForRpm: true,
  },
  {
    name: "SLES",
    osRelease: osRelease({ ID: "sles", ID_LIKE: "suse", VERSION_ID: "15.6" }),
    kernel: "6.4.0-150600.21-default",
    ...zypper,
  },
  {
    name: "openSUSE",
    osRelease: osRelease({ ID: "opensuse-leap", ID_LIKE: "suse opensuse", VERSION_ID: "15.6" }),
    kernel: "6.4.0-150600.21-default",
    ...zypper,
  },
  {
    name: "openSUSE MicroOS, SLE Micro",
    osRelease: osRelease({ ID: "opensuse-microos", ID_LIKE: "suse opensuse opensuse-tumbleweed" }),
    kernel: "6.14.6-1-default",
    managers: ["zypper"],
    mounts: "/dev/vda3 / btrfs ro,relatime,subvol=/@/.snapshots/1/snapshot 0 0\noverlay /etc overlay rw,relatime 0 0\n",
  },
  {
    name: "Flatcar",
    osRelease: osRelease({ ID: "flatcar", ID_LIKE: "coreos", VERSION_ID: "4230.2.0" }),
    kernel: "6.6.95-flatcar",
    managers: [],
    mounts: `/dev/vda9 / ext4 rw,seclabel,relatime 0 0\n/dev/mapper/usr /usr ext4 ro,seclabel,relatime 0 0\n`,
  },
  {
    name: "Fedora CoreOS",
    osRelease: osRelease({ ID: "fedora", VARIANT_ID: "coreos", VERSION_ID: "42" }),
    kernel: "6.14.9-300.fc42.x86_64",
    managers: ["dnf"],
    mounts: "/dev/vda4 / xfs rw,relatime 0 0\n/dev/vda4 /usr xfs ro,relatime 0 0\n/dev/vda4 /etc xfs rw,relatime 0 0\n",
  },
];

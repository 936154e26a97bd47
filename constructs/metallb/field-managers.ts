/** The field manager of what is written by server-side apply. MetalLB's controller is another one. */
export const fieldManagers = { metallb: "baremetal-lb" } as const;

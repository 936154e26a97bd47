/**
 * How the provider's generic resource writes, by server-side apply. Forced: what somebody edited by hand is put back to
 * what is declared. Fields that are not declared stay with whoever writes them, such as MetalLB's controller.
 */
export const fieldManager = { name: "baremetal-lb", forceConflicts: true } as const;

/** MetalLB's two programs, by the names that upstream gives to their objects. */
export const components = ["controller", "speaker"] as const;
export type Component = (typeof components)[number];

/** Whether a container is that of a program: upstream calls it as the program. */
export const isComponent = (name: string): name is Component => components.some((component) => component === name);

/** The namespace of every MetalLB object that has one. */
export const namespaceName = "metallb-system";

/**
 * The annotation that names the stack which the namespace belongs to, for MetalLB 0.13 and later. Without it the stack is
 * metallb: stacks/metallb/constructs/namespace.ts.
 */
export const namespaceOwner = { annotation: "baremetal-lb/stack", original: "metallb" } as const;

/** Where the speaker finds the key of its memberlist. */
export const memberlistSecret = { name: "memberlist", key: "secretkey" } as const;

/** Where upstream has the interfaces that layer2 does not announce from, from 0.13 on; speakers read it at their start. */
export const excludedInterfaces = { configMap: "metallb-excludel2", key: "excludel2.yaml" } as const;

/** The label that upstream puts on every object. */
export const appLabels = { app: "metallb" } as const;

/** The labels of a program's workload and pods, which its selector matches. */
export const componentLabels = (component: Component) => ({ ...appLabels, component });

/** A program's ClusterRole and ClusterRoleBinding have no namespace, so upstream puts it into their name. */
export const clusterRoleName = (component: Component): string => `${namespaceName}:${component}`;

/**
 * A program's ServiceAccount as the subject of a binding. The namespace is always written: a RoleBinding's subject
 * without one is looked for in `default` by the provider, not in the binding's own namespace.
 */
export const subject = (component: Component) => ({
  kind: "ServiceAccount",
  name: component,
  namespace: namespaceName,
});

/** Where the explorer's container has its root. */
export const ROOTFS = '/srv/rootfs';

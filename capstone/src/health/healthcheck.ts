import type { ContainerConfig } from 'step-10';

/**
 * How a container is asked whether it is well, as an image says it. Its Test is `["NONE"]`, `["CMD", …]`, or `["CMD-SHELL", …]`;
 * a time of 0 stands for the default.
 */
export type Healthcheck = NonNullable<ContainerConfig['Healthcheck']>;

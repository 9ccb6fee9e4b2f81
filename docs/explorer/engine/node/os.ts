declare const OS_CONSTANTS: Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The numbers of Linux, as the Node has them that builds the site. */
export const constants = OS_CONSTANTS;

export const arch = (): string => 'x64';
export const release = (): string => '6.12.0';
export const hostname = (): string => 'host';
export const homedir = (): string => '/root';
export const tmpdir = (): string => '/tmp';

/** The newest runtime-spec whose configs are understood: what `features`, `state`, `spec` and `--version` say. */
export const OCI_VERSION = '1.3.0';

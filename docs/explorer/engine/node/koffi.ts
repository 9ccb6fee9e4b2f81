/** The C library can be declared, and not called: in a browser no kernel answers. */
export default {
  load: () => ({
    func: (declaration: string) => () => {
      throw new Error(`there is no kernel in a browser to make this call: ${declaration}`);
    },
  }),
};

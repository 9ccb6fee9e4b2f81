import koffi from 'koffi';
import * as libc from './libc.ts';

/** What libnftables(3) has that this needs. `run` gives 0, or -1 with `error` set. */
interface Library {
  run(commands: string): { readonly status: number; readonly error: string };
}

let library: Library | null | undefined;

/** The library that the program nft is made of: a tenth of the time that the program takes. null where it isn't installed. */
export function libnftables(): Library | null {
  library ??= load();
  return library;
}

function load(): Library | null {
  let loaded: ReturnType<typeof koffi.load>;
  try {
    loaded = koffi.load('libnftables.so.1');
  } catch {
    return null;
  }
  const make = loaded.func('void *nft_ctx_new(uint32_t)');
  const free = loaded.func('void nft_ctx_free(void *)');
  const bufferOutput = loaded.func('int nft_ctx_buffer_output(void *)');
  const bufferErrors = loaded.func('int nft_ctx_buffer_error(void *)');
  const errors = loaded.func('const char *nft_ctx_get_error_buffer(void *)');
  const run = loaded.func('int nft_run_cmd_from_buffer(void *, const char *)');
  return {
    run(commands) {
      const context = make(0); // a new one each time: it keeps what it has seen of the tables
      try {
        bufferOutput(context);
        bufferErrors(context);
        const status = libc.withoutSignals(() => run(context, commands)); // one that came would interrupt the transaction
        return { status, error: status === 0 ? '' : errors(context) };
      } finally {
        free(context);
      }
    },
  };
}

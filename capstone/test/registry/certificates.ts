import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of the tests' own: nobody else trusts it. */
export class Authority {
  readonly #directory: string;
  readonly cert: string;

  /** @param directory - where its files are, `ca.crt` among them */
  constructor(directory: string) {
    this.#directory = directory;
    this.cert = this.#make('ca', 'CA of a test').cert;
  }

  /** @param subject - the host that it's for, such as `IP:192.0.2.1` */
  sign(name: string, subject: string): Certified {
    const path = (file: string) => join(this.#directory, file);
    return this.#make(
      name,
      name,
      '-CA',
      path('ca.crt'),
      '-CAkey',
      path('ca.key'),
      '-addext',
      `subjectAltName=${subject}`,
    );
  }

  #make(name: string, subject: string, ...more: string[]): Certified {
    const [key, cert] = [join(this.#directory, `${name}.key`), join(this.#directory, `${name}.crt`)];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const files = ['-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...curve, ...files, '-subj', `/CN=${subject}`, ...more], {
      stdio: 'pipe',
    });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  }
}

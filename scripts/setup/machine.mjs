/** What this process runs on: the C library is null where it isn't glibc (Alpine has musl). */
export function thisMachine() {
  return { platform: process.platform, arch: process.arch, glibc: glibcVersion(), node: process.versions.node };
}

/**
 * Why the course can't be installed here, and what to do instead; null where it can.
 * @param {{ platform: string, arch: string, glibc: string | null, node: string }} machine
 */
export function obstacle({ platform, arch, glibc, node }) {
  if (platform !== 'linux') {
    return `containers are made of Linux system calls, and this is ${platform}. Use a Linux machine, or the one that the Vagrantfile describes: vagrant up && vagrant ssh`;
  }
  if (arch !== 'x64' && arch !== 'arm64') {
    return `the course knows the system calls of x86-64 and arm64, and this Node is built for ${arch}. Use another machine, or a Node for this one's 64 bits`;
  }
  if (!glibc) {
    return "the course needs glibc's clone(), and this Node runs on another C library (Alpine has musl). Use Debian, Ubuntu or Fedora";
  }
  if (Number.parseInt(node, 10) < 18) {
    return `Node 18 or later is needed to install Node 26, and this is ${node}: see https://nodejs.org/en/download`;
  }
  return null;
}

/**
 * Why the course can't lie in this folder, and what to do; null where it can. Its tools take paths for URLs, in which these
 * characters mean something else.
 * @param {string} root
 */
export function misplaced(root) {
  const [character] = /[#%?\\\p{Cc}]/u.exec(root) ?? [];
  if (character === undefined) return null;
  return `the folder ${JSON.stringify(root)} has ${JSON.stringify(character)} in its name, which Node's tools take for part of an address: rename the folder, or clone again into another`;
}

function glibcVersion() {
  if (process.platform !== 'linux') return null;
  return process.report.getReport().header.glibcVersionRuntime ?? null;
}

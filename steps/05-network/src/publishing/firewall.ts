/** A firewall of somebody else's that drops what the host passes on, and what lets a network's packets through there. */
export interface Firewall {
  readonly name: string;
  readonly mend: string;
}

/**
 * The firewalls that drop forwarded packets. In nftables a packet must be accepted by every table: what ours accepts,
 * another may still drop.
 *
 * @param ruleset - what `nft list ruleset` says; the rules of iptables-nft are in it
 * @param bridge - the network's; a table that names it is taken to let it through
 */
export function dropping(ruleset: string, bridge: string): Firewall[] {
  return tables(ruleset)
    .filter((table) => drops(table) && !table.includes(`"${bridge}"`))
    .map((table) => named(table, bridge));
}

function drops(table: string): boolean {
  const isDropping = /type filter hook forward [^{}]*?policy drop/.test(table);
  return isDropping || /^table inet firewalld .*chain filter_FORWARD \{.*?\breject\b/s.test(table);
}

function named(table: string, bridge: string): Firewall {
  const each = (command: (flag: string, way: string) => string) =>
    [command('-i', 'in'), command('-o', 'out')].join(' && ');
  if (/^table inet firewalld /.test(table)) {
    return { name: 'firewalld', mend: `firewall-cmd --zone=trusted --add-interface=${bridge}` };
  }
  if (/chain DOCKER-USER /.test(table)) {
    return { name: "docker's", mend: each((flag) => `iptables -I DOCKER-USER ${flag} ${bridge} -j ACCEPT`) };
  }
  if (/chain ufw6?-/.test(table)) {
    return { name: 'ufw', mend: each((_, way) => `ufw route allow ${way} on ${bridge}`) };
  }
  const [, name = ''] = /^table (\w+ \S+) /.exec(table) ?? [];
  return { name: `the one in table ${name}`, mend: `nft list table ${name}` };
}

function tables(ruleset: string): string[] {
  return ruleset.split(/^(?=table )/m).filter((text) => text.startsWith('table '));
}

/** Says which firewalls would drop what comes for a published port. It asks nft while the container starts. */
export function warnOfFirewalls(bridge: string, say: (line: string) => void): void {
  const { execFile } = process.getBuiltinModule('node:child_process');
  execFile('nft', ['list', 'ruleset'], { maxBuffer: 2 ** 26 }, (error, ruleset) => {
    if (error) return; // without the program nothing can be told
    for (const { name, mend } of dropping(ruleset, bridge)) {
      say(`WARNING: a firewall (${name}) drops what comes for the published ports: ${mend}`);
    }
  });
}

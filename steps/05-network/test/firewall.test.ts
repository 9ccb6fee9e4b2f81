import { describe, expect, test } from 'vitest';
import { dropping } from '../src/publishing/firewall.ts';

const forward = (table: string, rest = '', policy = 'drop') => `table ${table} {
	chain FORWARD {
		type filter hook forward priority filter; policy ${policy};
		${rest}
	}
}
`;
const DOCKER = `# Warning: table ip filter is managed by iptables-nft, do not touch!
table ip filter {
	chain DOCKER-USER {
		counter packets 0 bytes 0 return
	}

	chain FORWARD {
		type filter hook forward priority filter; policy drop;
		counter packets 0 bytes 0 jump DOCKER-USER
	}
}
`;
const UFW = DOCKER.replaceAll('DOCKER-USER', 'ufw-before-forward');
const FIREWALLD = `table inet firewalld {
	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept
		reject with icmpx admin-prohibited
	}
}
`;

describe('a firewall of somebody else’s that drops forwarded packets is named, with what lets ours through', () => {
  test.each([
    [
      DOCKER,
      "docker's",
      'iptables -I DOCKER-USER -i boxstep -j ACCEPT && iptables -I DOCKER-USER -o boxstep -j ACCEPT',
    ],
    [UFW, 'ufw', 'ufw route allow in on boxstep && ufw route allow out on boxstep'],
    [FIREWALLD, 'firewalld', 'firewall-cmd --zone=trusted --add-interface=boxstep'],
    [forward('inet mine'), 'the one in table inet mine', 'nft list table inet mine'],
  ])('%#', (ruleset, name, mend) => {
    expect(dropping(ruleset, 'boxstep')).toEqual([{ name, mend }]);
  });

  test('one that accepts, and one that knows the bridge, are none', () => {
    expect(dropping(forward('inet mine', '', 'accept'), 'boxstep')).toEqual([]);
    expect(dropping(forward('inet mine', 'iifname "boxstep" accept'), 'boxstep')).toEqual([]);
    expect(dropping('', 'boxstep')).toEqual([]);
  });

  test('of several, each is named', () => {
    expect(dropping(DOCKER + FIREWALLD, 'boxstep').map(({ name }) => name)).toEqual(["docker's", 'firewalld']);
  });
});

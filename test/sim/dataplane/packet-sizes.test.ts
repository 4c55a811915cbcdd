// Packets too large for a link on their way (failures.md E, cni-mtu-blackhole: measured).
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, asked, under } from './underlay.fixture.ts';

const hole = 'packet-too-big Cluster lab spec.cni.mtu';
const blackHole = (more = ''): ReturnType<typeof under> => under(`{ cni: { plugin: flannel, mtu: 1500 }, underlay: { fragmentationNeeded: lost }${more} }`);

test('pods that send more than the tunnel leaves connect, get small answers, and hang at the first large packet', () => {
  const lab = blackHole();
  assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), 'delivered');
  assert.equal(asked(lab, 'shop/web', 'http://api/'), 'delivered');
  const { verdict, shown } = ask(lab, 'shop/web', 'http://api/export');
  assert.deepEqual([verdict, shown.reason, shown.layer, shown.field, shown.status, shown.body, shown.elapsed, shown.stalled], ['hang', 'packet-too-big', 'network', 'spec.cni.mtu', 200, null, null, { during: 'answer', promised: 100000 }]);
  assert.match(shown.why, /up to 1500 bytes.*between nodes n1 and n2 1500 bytes get through, 50 of which the tunnel takes, which leaves 1450/);
  assert.match(shown.hops.at(-1)?.evidence ?? '', /^kubectl exec -n shop web -- ping -c 1 -W 3 -M do -s 1472 10\.244\.2\.\d+$/);
  assert.equal(asked(lab, 'shop/web', 'http://web2/export'), 'delivered');
});

test('a TLS handshake hangs at the certificate, and an upload while it is sent', () => {
  assert.deepEqual(ask(blackHole(), 'shop/web', 'https://api/').shown.stalled, { during: 'tls', promised: null });
  assert.deepEqual(ask(blackHole(), 'shop/web', 'http://api/', { upload: 50_000 }).shown.stalled, { during: 'request', promised: null });
  assert.equal(asked(blackHole(), 'shop/web', 'http://api/', { upload: 100 }), 'delivered');
});

test('an answer is as large as the request wants it, and hangs from the first byte that does not fit', () => {
  // 1450 bytes less 52 of IP and TCP.
  assert.equal(asked(blackHole(), 'shop/web', 'http://api/', { size: 1398 }), 'delivered');
  assert.equal(asked(blackHole(), 'shop/web', 'http://api/', { size: 1399 }), `hang ${hole}`);
  assert.equal(ask(under('{ cni: { plugin: flannel } }'), 'shop/web', 'http://api/export').shown.bodySize, 100_000);
});

test('where the ICMP message arrives, TCP heals, and one packet that may not be cut is told so', () => {
  const lab = under('{ cni: { plugin: flannel, mtu: 1500 } }');
  assert.equal(asked(lab, 'shop/web', 'http://api/export'), 'delivered');
  assert.equal(asked(lab, 'shop/web', 'icmp://api', { size: 1472 }), 'delivered');
  const { verdict, shown } = ask(lab, 'shop/web', 'icmp://api', { size: 1472, dontFragment: true });
  assert.deepEqual([verdict, shown.reason, shown.mtu], ['unreachable', 'message-too-long', { bytes: 1450, saidBy: 'n1' }]);
});

test('a ping larger than its own interface fails at once; one that a link loses fails in silence', () => {
  const whole = under('{ cni: { plugin: flannel } }');
  const { verdict, shown } = ask(whole, 'shop/web', 'icmp://api', { size: 1472, dontFragment: true });
  assert.deepEqual([verdict, shown.reason, shown.elapsed, shown.mtu], ['unreachable', 'message-too-long', 0, { bytes: 1450, saidBy: null }]);
  assert.equal(asked(whole, 'shop/web', 'icmp://api', { size: 1422, dontFragment: true }), 'delivered');
  assert.equal(asked(whole, 'shop/web', 'icmp://api', { size: 8000 }), 'delivered');
  for (const to of ['icmp://api', 'udp://api:53']) {
    assert.equal(asked(blackHole(), 'shop/web', to, { size: 1472, dontFragment: true }), `timeout ${hole}`);
    // Linux sends such packets uncut unless it knows better.
    assert.equal(asked(blackHole(), 'shop/web', to, { size: 1472 }), `timeout ${hole}`);
    assert.equal(asked(blackHole(), 'shop/web', to, { size: 1400, dontFragment: true }), 'delivered');
  }
});

test('a smaller interface at one end heals TCP both ways, and single packets from the other end still die', () => {
  // The agent of n1 makes its pods' interfaces for its own uplink.
  const lab = under('{ cni: { plugin: flannel }, underlay: { fragmentationNeeded: lost }, nodes: [{ name: n1, mtu: 1400 }] }');
  for (const [from, to] of [['shop/web', 'http://api/export'], ['shop/api', 'http://web/export'], ['shop/api', 'https://web/']] as const) assert.equal(asked(lab, from, to), 'delivered', `${from} ${to}`);
  assert.equal(asked(lab, 'shop/api', 'udp://web:53', { size: 1400 }), `timeout ${hole}`);
  assert.equal(asked(lab, 'shop/web', 'udp://api:53', { size: 1400 }), 'delivered');
});

test('each encapsulation leaves what it leaves', () => {
  for (const [cni, fits] of [['flannel', 1450], ['flannel, mode: wireguard', 1420], ['calico, mode: ipip', 1480], ['calico, wireguardEnabled: true', 1440], ['flannel, mode: host-gw', 1500], ['weave', 1413]] as const) {
    const lab = under(`{ cni: { plugin: ${cni}, mtu: 1500 }, underlay: { fragmentationNeeded: lost } }`);
    assert.equal(asked(lab, 'shop/web', 'icmp://api', { size: fits - 28, dontFragment: true }), 'delivered', cni);
    if (fits < 1500) assert.equal(asked(lab, 'shop/web', 'icmp://api', { size: fits - 27, dontFragment: true }), `timeout ${hole}`, cni);
  }
});

test('what lies between nodes may be narrower than their uplinks, without a tunnel too', () => {
  const lab = under('{ cni: { plugin: flannel, mode: host-gw, mtu: 1500 }, underlay: { mtu: 1400, fragmentationNeeded: lost } }');
  assert.equal(asked(lab, 'shop/web', 'http://api/export'), `hang ${hole}`);
  assert.equal(asked(lab, 'shop/web', 'https://198.18.0.1/'), `hang ${hole}`);
  assert.equal(asked(lab, 'shop/web', 'http://198.18.0.1/'), 'delivered');
});

test('a large answer from a pod of another node hangs for clients outside too', () => {
  assert.equal(asked(blackHole(), 'external', 'http://192.168.0.11:30080/export'), `hang ${hole}`);
  assert.equal(asked(blackHole(), 'external', 'http://192.168.0.12:30080/export'), 'delivered');
});

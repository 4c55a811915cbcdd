// What nodes show of themselves, and what tcpdump and conntrack remember of the session's requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSession } from '../../../src/shell/shell.ts';
import type { Session } from '../../../src/shell/shell.ts';
import { manifests, openShop, shop, type } from '../shop.ts';

const withCluster = (spec: string): Session => startSession(openShop(`${manifests}\n---\n{ apiVersion: k8snet-lab/v1, kind: Cluster, metadata: { name: lab }, spec: ${spec} }\n`), 'shop');
const session = shop();
const flannel = withCluster('{ cni: { plugin: flannel } }');
const out = (line: string, on: Session = session): string => type(on, line).stdout;

test('iptables -S and -L show the rules of iptables-save in their own ways', () => {
  const rule = '-A KUBE-SERVICES -d 10.96.42.8/32 -p tcp -m comment --comment "shop/good cluster IP" -m tcp --dport 80 -j KUBE-SVC-';
  assert.ok(out('ssh worker-1 iptables -t nat -S KUBE-SERVICES').includes(rule));
  assert.ok(out('ssh worker-1 iptables-save -t nat').includes(rule));
  const listed = out('ssh worker-1 iptables -t nat -L KUBE-SERVICES -n');
  assert.match(listed, /^Chain KUBE-SERVICES \(2 references\)\ntarget {5}prot opt source {15}destination {9}\n/);
  assert.match(listed, /^KUBE-SVC-\w{16} tcp {2}-- {2}0\.0\.0\.0\/0 {12}10\.96\.42\.8 {11}\/\* shop\/good cluster IP \*\/ tcp dpt:80$/m);
  assert.match(out('ssh worker-1 iptables -nvL KUBE-SERVICES'), /0 {5}0 REJECT .*\/\* shop\/api has no endpoints \*\/ tcp dpt:8080 reject-with icmp-port-unreachable/);
  assert.equal(type(session, 'ssh worker-1 iptables -t nat -L NOPE').stderr, 'iptables: No chain/target/match by that name.\n');
  assert.equal(type(session, 'ssh worker-1 iptables -t nope -L').status, 3);
  assert.equal(type(session, 'ssh worker-1 iptables -F').status, 4);
});
test('nft shows tables, chains and maps of its own mode', () => {
  const nftables = withCluster('{ kubeProxy: { mode: nftables } }');
  assert.match(out('ssh worker-1 nft list tables', nftables), /^table ip kube-proxy$/m);
  assert.match(out('ssh worker-1 nft list chain ip kube-proxy services', nftables), /^table ip kube-proxy \{\n\tchain services \{\n[\s\S]*\t\}\n\}\n$/);
  assert.equal(type(nftables, 'ssh worker-1 nft list chain ip kube-proxy nope').status, 1);
  assert.equal(out('ssh worker-1 nft list table ip kube-proxy', nftables).startsWith('table ip kube-proxy {\n'), true);
});
test('ip route get takes the longest prefix', () => {
  assert.match(out('ssh worker-1 ip route get 10.244.2.9', flannel), /^10\.244\.2\.9 via 10\.244\.2\.0 dev flannel\.1 src 10\.244\.1\.0 uid 0 \n {4}cache \n$/);
  assert.match(out('ssh worker-1 ip route get 8.8.8.8'), /^8\.8\.8\.8 via 192\.168\.0\.1 dev eth0 src 192\.168\.0\.11 uid 0/);
  assert.match(out('ssh worker-1 ip r g 192.168.0.11'), /^local 192\.168\.0\.11 dev lo/);
  assert.equal(type(session, 'kubectl exec web -c web -- ip route get 2001:db8::1').stderr, 'RTNETLINK answers: Network is unreachable\ncommand terminated with exit code 2\n');
});
test('ip shows one truth in all of its forms', () => {
  const [device] = JSON.parse(out('kubectl exec web -c web -- ip -j addr show eth0')) as readonly { readonly ifname: string; readonly mtu: number; readonly addr_info: readonly { readonly local: string }[] }[];
  const address = device?.addr_info[0]?.local ?? '';
  assert.equal(device?.ifname, 'eth0');
  assert.match(out('kubectl exec web -c web -- ip -br a'), new RegExp(`^eth0@if\\d+ +UP +${address.replaceAll('.', '\\.')}/32 $`, 'm'));
  assert.match(out('kubectl exec web -c web -- ip -4 -o addr show dev eth0'), new RegExp(`^2: eth0 {4}inet ${address.replaceAll('.', '\\.')}/32`));
  assert.equal(out('kubectl exec web -c web -- cat /sys/class/net/eth0/mtu'), `${device.mtu}\n`);
  assert.match(out('kubectl exec web -c helper -- ifconfig eth0'), new RegExp(`inet addr:${address.replaceAll('.', '\\.')} .*\\n.*MTU:${device.mtu} `));
  assert.equal(type(session, 'ssh worker-1 ip link set eth0 down').status, 2);
});
test('kernel settings are those of the Cluster document', () => {
  const odd = withCluster('{ nodes: [{ name: worker-1, ipForward: false, rpFilter: strict, conntrack: { max: 100, used: 100 } }] }');
  assert.equal(out('ssh worker-1 sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.netfilter.nf_conntrack_max', odd), 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 1\nnet.netfilter.nf_conntrack_max = 100\n');
  assert.equal(out('ssh worker-2 cat /proc/sys/net/ipv4/ip_forward', odd), '1\n');
  assert.match(out('ssh worker-1 dmesg', odd), /nf_conntrack: table full, dropping packet/);
  assert.equal(out('ssh worker-2 dmesg', odd), '');
  assert.equal(type(odd, 'ssh worker-1 sysctl nope').stderr, 'sysctl: cannot stat /proc/sys/nope: No such file or directory\n');
});
test('hairpin mode is a file of the bridge\'s ports', () => {
  assert.match(out("ssh worker-1 'cat /sys/class/net/veth*/brport/hairpin_mode'", flannel), /^(1\n)+$/);
  const off = withCluster('{ cni: { plugin: flannel }, nodes: [{ name: worker-1, hairpinMode: false }] }');
  assert.match(out("ssh worker-1 'cat /sys/class/net/veth*/brport/hairpin_mode'", off), /^(0\n)+$/);
});
test('conntrack lists what the session left behind on the node', () => {
  const after = type(session, 'kubectl exec web -c web -- curl -s http://good/').session;
  const ran = type(after, 'ssh worker-1 conntrack -L -p tcp --dport 80');
  assert.match(ran.stdout, /^tcp {6}6 \d+ TIME_WAIT src=10\.244\.1\.\d+ dst=10\.96\.42\.8 sport=\d+ dport=80 src=10\.244\.\d+\.\d+ dst=10\.244\.1\.\d+ sport=8080 /);
  assert.match(ran.stderr, /^conntrack v1\.4\.7 \(conntrack-tools\): 1 flow entries have been shown\.\n$/);
  assert.equal(type(session, 'ssh worker-1 conntrack -L').stdout, '');
  assert.equal(type(after, 'sleep 1000; ssh worker-1 conntrack -L -p tcp').stdout, '');
});
test('the agents of a node speak of it', () => {
  assert.match(out('ssh worker-1 crictl pods --namespace shop'), /^\w{13} .* web +shop /m);
  assert.match(out('ssh worker-1 crictl ps --name helper'), /busybox:1\.36 .* Running +helper/);
  assert.match(out('ssh worker-1 journalctl -u kube-proxy'), /worker-1 kube-proxy\[\d+\]: .*Using iptables Proxier/);
  assert.match(out('ssh worker-1 systemctl status kubelet'), /Active: active \(running\)/);
  assert.equal(type(session, 'ssh worker-1 systemctl status kube-proxy').status, 4);
  const bare = withCluster('{ nodes: [{ name: worker-1, cniInstalled: false }] }');
  assert.match(out('ssh worker-1 journalctl -u kubelet', bare), /cni plugin not initialized/);
});
test('a plugin\'s own tools are there where the plugin is', () => {
  assert.match(out('ssh worker-1 calicoctl get ippool -o wide'), /default-ipv4-ippool +10\.244\.0\.0\/16 +true +Never +Always/);
  assert.equal(type(session, 'ssh worker-1 cilium status').status, 1);
  const bgp = withCluster('{ cni: { plugin: calico, mode: bgp } }');
  assert.match(out('ssh worker-1 calicoctl node status', bgp), /\| 192\.168\.0\.12 +\| node-to-node mesh \| up +\| .* \| Established \|/);
  assert.match(out('ssh worker-1 birdc show protocols', bgp), /Mesh_192_168_0_12 +BGP +master +up .*Established/);
  const cilium = withCluster('{ cni: { plugin: cilium } }');
  assert.match(out('ssh worker-1 cilium status', cilium), /^Cilium: +Ok/m);
  const dropped = type(cilium, 'kubectl exec web -c web -- curl -s -m 2 http://db:5432/', 'ssh worker-2 hubble observe --verdict DROPPED').stdout;
  assert.match(dropped, /shop\/web:\d+ <> shop\/db:5432 Policy denied DROPPED \(TCP Flags: SYN\)/);
});

const asked = (lines: readonly string[], on: Session = flannel): Session => type(on, ...lines).session;
const flags = (text: string): readonly string[] => [...text.matchAll(/Flags \[([^\]]*)\]/g)].map((match) => match[1] ?? '');

test('tcpdump in the pod sees the cluster address, on its node the pod behind it', () => {
  const after = asked(['kubectl exec web -c web -- curl -s http://good/']);
  const inPod = out('kubectl exec web -c web -- tcpdump -ni eth0 tcp port 80', after);
  assert.deepEqual(flags(inPod), ['S', 'S.', '.', 'P.', '.', 'P.', '.', 'F.', 'F.', '.']);
  assert.match(inPod, /^\d\d:\d\d:\d\d\.\d{6} IP 10\.244\.1\.\d+\.\d+ > 10\.96\.42\.8\.80: Flags \[S\], seq \d+, win 64240, options \[mss 1460,/);
  assert.match(inPod, /HTTP: GET \/ HTTP\/1\.1/);
  const onNode = out('ssh worker-1 tcpdump -ni any tcp', after);
  assert.match(onNode, /veth\w+ +In {2}IP 10\.244\.1\.\d+\.\d+ > 10\.96\.42\.8\.80: Flags \[S\]/);
  assert.match(onNode, / Out IP 10\.244\.1\.\d+\.\d+ > 10\.244\.\d\.\d+\.8080: Flags \[S\]/);
});
test('between nodes the packets travel in others', () => {
  const after = asked(['kubectl exec web -c web -- ping -c 1 10.244.2.2']);
  assert.match(out('ssh worker-1 tcpdump -ni eth0', after), /^\S+ IP 192\.168\.0\.11\.\d+ > 192\.168\.0\.12\.8472: OTV, flags \[I\] \(0x08\), overlay 0, instance 1\nIP 10\.244\.1\.\d+ > 10\.244\.2\.2: ICMP echo request/);
  assert.match(out('ssh worker-2 tcpdump -ni flannel.1 icmp', after), /IP 10\.244\.1\.\d+ > 10\.244\.2\.2: ICMP echo request, id \d+, seq 1, length 64\n\S+ IP 10\.244\.2\.2 > 10\.244\.1\.\d+: ICMP echo reply/);
  assert.equal(out('ssh worker-1 tcpdump -ni eth0 icmp', after), '');
});
test('a refusal of kube-proxy is an ICMP message, one of the pod a reset', () => {
  const proxy = asked(['kubectl exec web -c web -- curl -s http://api:8080/']);
  assert.match(out('kubectl exec web -c web -- tcpdump -ni eth0 icmp', proxy), /> 10\.244\.1\.\d+: ICMP 10\.96\.42\.7 tcp port 8080 unreachable, length 68\n$/);
  const pod = asked(['kubectl exec web -c web -- curl -s http://wrong/']);
  assert.deepEqual(flags(out('kubectl exec web -c web -- tcpdump -ni eth0 tcp', pod)), ['S', 'R.']);
});
test('a dropped packet is sent again and again, and nothing comes back', () => {
  const after = asked(['kubectl exec web -c web -- curl -s -m 3 http://db:5432/'], session);
  assert.deepEqual(flags(out('kubectl exec web -c web -- tcpdump -ni eth0 port 5432', after)), ['S', 'S', 'S']);
  // The policy stands before the pod's door: it sees nothing.
  assert.equal(out('kubectl exec db -- tcpdump -ni eth0 2>/dev/null | wc -l', after), '0\n');
});
test('an address that nobody on the link has is asked for by ARP alone', () => {
  const after = asked(['kubectl exec web -c web -- curl -s -m 5 http://10.244.1.99/']);
  assert.match(out('kubectl exec web -c web -- tcpdump -ni eth0', after), /^(\S+ ARP, Request who-has 10\.244\.1\.99 tell 10\.244\.1\.\d+, length 28\n){3}$/);
  assert.match(out('ssh worker-1 ip neigh', after), /^10\.244\.1\.99 dev cni0 FAILED $/m);
});
test('DNS questions are packets too', () => {
  const after = asked(['kubectl exec web -c web -- nslookup nope']);
  const text = out('kubectl exec web -c web -- tcpdump -ni eth0 udp port 53', after);
  assert.match(text, /> 10\.96\.0\.10\.53: \d+\+ A\? nope\.shop\.svc\.cluster\.local\. \(\d+\)\n\S+ IP 10\.96\.0\.10\.53 > 10\.244\.1\.\d+\.\d+: \d+ NXDomain\*- 0\/1\/0 \(\d+\)/);
});
test('tcpdump reads its options and filters as tcpdump does', () => {
  assert.equal(type(session, 'ssh worker-1 tcpdump -i eth9').stderr, 'tcpdump: eth9: No such device exists\n(No such device exists)\n');
  assert.equal(type(session, "ssh worker-1 tcpdump 'foo bar baz'").stderr, "tcpdump: can't parse filter expression: syntax error\n");
  const after = asked(['kubectl exec web -c web -- curl -s http://good/']);
  assert.equal(out('kubectl exec web -c web -- tcpdump -ni eth0 -c 2', after).split('\n').length, 3);
  assert.match(type(after, 'kubectl exec web -c web -- tcpdump -ni eth0 -c 2').stderr, /\n2 packets captured\n/);
  assert.equal(out("kubectl exec web -c web -- tcpdump -ni eth0 'not port 53 and (src net 10.96.0.0/12 or tcp) and dst port 80' | grep -c ' > 10.96.42.8.80'", after), '6\n');
});
test('ss shows who listens, and what was closed a moment ago', () => {
  assert.match(out('kubectl exec db -- sh -c "netstat -lnt" 2>/dev/null; ssh worker-1 ss -lntp'), /LISTEN 0 +4096 +0\.0\.0\.0:10250 +0\.0\.0\.0:\* +users:\(\("kubelet",pid=1,fd=3\)\)/);
  const after = asked(['kubectl exec web -c web -- curl -s http://good/']);
  assert.match(out('kubectl exec web -c web -- ss -tan', after), /^TIME-WAIT 0 {6}0 .* 10\.96\.42\.8:80 /m);
});

test('what a security group drops, no interface of the far node sees, and the near one shows it leave', () => {
  const closed = withCluster('{ cni: { plugin: flannel }, underlay: { securityGroups: [{ name: nodes, ingress: [{ peer: nodes, protocol: TCP }] }] } }');
  const target = closed.lab.network.pods.find(({ namespace, node }) => namespace === 'shop' && node === 'worker-2');
  const source = closed.lab.network.pods.find(({ namespace, node, status }) => namespace === 'shop' && node === 'worker-1' && status === 'Running');
  assert.ok(target !== undefined && source !== undefined);
  const after = type(closed, `kubectl exec -n shop ${source.name} -- ping -c 1 -W 1 ${target.addresses[0] ?? ''}`).session;
  assert.match(out('ssh worker-1 tcpdump -ni eth0 udp port 8472', after), /ICMP echo request/);
  assert.doesNotMatch(out('ssh worker-2 tcpdump -ni eth0 udp port 8472', after), /ICMP echo request/);
});

test('BIRD without a session says that it has no peers', () => {
  const alone = withCluster('{ cni: { plugin: calico, mode: bgp }, bgp: { routeReflectors: { role: reflector } } }');
  assert.match(out('ssh worker-1 calicoctl node status', alone), /IPv4 BGP status\nNo IPv4 peers found\.\n/);
});

// What the lab does not follow of a Corefile is said where the Corefile stands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLab } from '../../src/sim/lab.ts';

const corefile = (line: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        ${line}
        kubernetes cluster.local in-addr.arpa ip6.arpa
        forward . /etc/resolv.conf
    }
`;
const warned = (text: string): readonly (string | null | undefined)[] => {
  const lab = openLab([{ path: 'coredns.yaml', text }]);
  assert.ok(lab.ok);
  return lab.value.warnings.filter(({ code }) => code === 'corefile-not-simulated').map(({ where }) => where?.object);
};

test('a Corefile directive that is not simulated is named in the warnings', () => {
  assert.deepEqual(warned(corefile('dns64')), ['ConfigMap kube-system/coredns']);
});

test('kubeadm\'s own Corefile and a plain one bring no warning', () => {
  assert.deepEqual(warned(corefile('errors')), []);
  const empty = openLab([]);
  assert.ok(empty.ok);
  assert.deepEqual(empty.value.warnings, []);
});

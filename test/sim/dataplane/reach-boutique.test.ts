// Reach on real manifests and policies: the online boutique of ../shared/data, which nobody wrote for this project.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import type { KubeObject, Workload } from '../../../src/sim/model/object.ts';
import { reachOf } from '../../../src/sim/dataplane/reach.ts';
import { reachDifference } from '../../../src/sim/dataplane/reach-difference.ts';
import { ask, indexOf, objectsOf, podOf, sharedPath, sharedText } from '../policy/cluster-of.ts';

const manifests = sharedText('data/online-boutique/kubernetes-manifests.yaml');
const skip = manifests === null ? '../shared/data/online-boutique is missing' : false;

const isDeployment = (object: KubeObject): object is Workload => object.kind === 'Deployment';

function boutique(enforced: readonly string[] = ['NetworkPolicy']) {
  const objects = objectsOf(manifests ?? '');
  const folder = sharedPath('data/online-boutique/policies');
  const policies = readdirSync(folder).sort().flatMap((file) => objectsOf(sharedText(`data/online-boutique/policies/${file}`) ?? ''));
  const workloads = objects.filter(isDeployment).map(({ kind, metadata, spec }, index) => ({
    name: `default/${metadata.name}`, kind,
    pods: [podOf(`default/${metadata.name}-1`, spec.template.metadata?.labels ?? {}, { addresses: [`10.244.1.${index + 1}`] })],
  }));
  const index = indexOf({ pods: workloads.flatMap(({ pods }) => pods), policies, enforced });
  const podOfName = (name: string) => {
    const found = workloads.find((workload) => workload.name === `default/${name}`)?.pods[0];
    assert.ok(found !== undefined);
    return found;
  };
  return { index, podOfName, reach: reachOf({ index, workloads }) };
}

test('the boutique: frontend reaches cartservice on 7070 alone, and redis-cart not at all', { skip }, () => {
  const { reach } = boutique();
  const ports = (from: string, to: string) => reach.connections.find((one) => one.from === `default/${from}` && one.to === `default/${to}`)?.ports;
  assert.equal(reach.workloads.length, 12);
  assert.deepEqual(ports('frontend', 'cartservice'), { TCP: [[7070, 7070]] });
  assert.equal(ports('frontend', 'redis-cart'), undefined);
  assert.deepEqual(ports('cartservice', 'redis-cart'), { TCP: [[6379, 6379]] });
  assert.deepEqual(ports('checkoutservice', 'paymentservice'), { TCP: [[50051, 50051]] });
  assert.deepEqual(reach.connections.filter(({ fromKind }) => fromKind === 'IPBlock').map(({ to, ports: open }) => [to, open]), [['default/frontend', 'all']]);
});

test('the boutique: the answer for frontend to redis-cart names the policies that isolate redis-cart', { skip }, () => {
  const { index, podOfName } = boutique();
  const verdict = ask(index, 'ingress', podOfName('redis-cart'), podOfName('frontend'), 6379);
  assert.equal(verdict.says, 'NetworkPolicy default/deny-all and NetworkPolicy default/redis-cart isolate default/redis-cart-1 for ingress, and their only rule does not allow default/frontend-1: it allows only pods with app=cartservice.');
  assert.equal(verdict.nearest?.field, 'spec.ingress[0].from');
});

test('the boutique: where nobody enforces policies everything is open, and the difference is what they had closed', { skip }, () => {
  const [under, without] = [boutique().reach, boutique([]).reach];
  const { opened, closed } = reachDifference(under, without);
  assert.deepEqual(closed, []);
  assert.deepEqual(opened.find(({ from, to }) => from === 'default/frontend' && to === 'default/redis-cart')?.ports, 'all');
  assert.deepEqual(opened.find(({ from, to }) => from === 'default/frontend' && to === 'default/cartservice')?.ports, { TCP: [[1, 7069], [7071, 65535]], UDP: [[1, 65535]], SCTP: [[1, 65535]] });
  assert.deepEqual(reachDifference(under, under), { opened: [], closed: [] });
});

// Field names are completed where the cursor stands, by indentation alone: in a text that cannot be read yet too.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bufferOf, textOf } from '../../src/app/buffer.ts';
import { completeField } from '../../src/app/complete-field.ts';
import { Player } from './player.ts';

/** The text up to `|` is before the cursor. */
function at(text: string, kind: string): { readonly row: string; readonly offers: readonly string[] } | null {
  const [before = ''] = text.split('|');
  const rows = before.split('\n');
  const cursor = { row: rows.length - 1, column: rows[rows.length - 1]?.length ?? 0 };
  const done = completeField({ ...bufferOf(text.replace('|', '')), cursor }, kind);
  return done === null ? null : { row: textOf(done.buffer).split('\n')[cursor.row] ?? '', offers: done.offers.map(({ name }) => name) };
}

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec:\n';
const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\nspec:\n';

test('a clear field is completed with its colon, and a space where a value follows', () => {
  assert.deepEqual(at(`${service}  sel|`, 'Service'), { row: '  selector:', offers: [] });
  assert.deepEqual(at(`${service}  clusterIP: None\n  typ|`, 'Service'), { row: '  type: ', offers: [] });
});

test('fields inside list items are those of the items, with dashes at either depth', () => {
  assert.deepEqual(at(`${service}  ports:\n  - port: 80\n    targ|`, 'Service'), { row: '    targetPort: ', offers: [] });
  assert.deepEqual(at(`${service}  ports:\n    - nodeP|`, 'Service'), { row: '    - nodePort: ', offers: [] });
  assert.deepEqual(at(`${policy}  ingress:\n  - from:\n    - podS|`, 'NetworkPolicy'), { row: '    - podSelector:', offers: [] });
  assert.deepEqual(at(`${policy}  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              app: x\n          nam|`, 'NetworkPolicy'), { row: '          namespaceSelector:', offers: [] });
  assert.deepEqual(at(`${policy}  ingress:\n    - from: []\n      po|`, 'NetworkPolicy'), { row: '      ports:', offers: [] });
});

test('what stands beside it already is not offered again, before or after', () => {
  const offers = at(`${policy}  ingress:\n    - ports:\n        - |\n          protocol: TCP`, 'NetworkPolicy')?.offers;
  assert.deepEqual(offers, ['endPort', 'port']);
});

test('several that begin alike are completed as far as they agree and offered', () => {
  assert.deepEqual(at(`${service}  ext|`, 'Service'), { row: '  external', offers: ['externalIPs', 'externalName', 'externalTrafficPolicy'] });
});

test('where any key may stand, in values and in unknown kinds nothing is completed', () => {
  assert.equal(at(`${service}  selector:\n    ap|`, 'Service'), null);
  assert.equal(at(`${service}  type: Clu|`, 'Service'), null);
  assert.equal(at('apiVersion: example.org/v1\nkind: Thing\nsp|', 'Thing'), null);
});

test('in the editor Tab completes a name and indents an empty row, and the open choices stand below the text', () => {
  const player = new Player({ lesson: 'empty-endpoint-list' }).press('s', 'e').types('service/shop/api').press('enter');
  player.press('C-f').types('selector:').press('enter', 'escape', 'end', 'enter', 'backspace').types('ext').press('tab').sees('  external', 'externalTrafficPolicy string', 'externalIPs list of string');
  player.types('T').press('tab').sees('externalTrafficPolicy: ').seesNot('externalIPs list');
  player.types('Local').press('enter', 'C-n').sees('allocateLoadBalancerNodePorts');
});

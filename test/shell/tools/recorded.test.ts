// The tools' words against recordings of the real ones: curl 8.10.1 (built from its own source), wget 1.21, nc of OpenBSD, iputils, BIND 9.18, glibc 2.36 and BusyBox 1.35, each in network namespaces with the same addresses.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type } from '../shop.ts';
import { bench } from './bench.ts';

const here = fileURLToPath(new URL('recorded/', import.meta.url));
const session = bench();

/** What differs from run to run, and what an application of one's own answers. */
const plain = (text: string): string => text
  .replace(/id: \d+/g, 'id: N').replace(/\b[3-6]\d{4}\b/g, 'PORT').replace(/after \d+ m/g, 'after N m').replace(/(timeout after )\d+ms/g, '$1N ms').replace(/\btime[= ]\d+(\.\d+)? ?ms/g, 'time=N ms').replace(/time \d+ms/g, 'time Nms')
  .replace(/= [\d.]+\/[\d.]+\/[\d.]+(\/[\d.]+)? ms/g, '= N ms').replace(/--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--/g, '--DATE--').replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'DATE').replace(/[\d.]+ [KMG]B\/s/g, 'SPEED').replace(/[\d.]+[KMG]=0s/g, 'SPEED')
  .replace(/COOKIE: [0-9a-f]+/g, 'COOKIE: N').replace(/WHEN: .*/g, 'WHEN: DATE').replace(/Query time: \d+/g, 'Query time: N').replace(/curl\/8\.10\.1(-DEV)?/g, 'curl/8.10.1')
  .replace(/^((?:< | {2})?)Content-Type: .*\r?\n/gm, '').replace(/^((?:< | {2})?)Content-Length: \d+/gm, '$1Content-Length: N').replace(/\{ \[\d+ bytes data\]/g, '{ [N bytes data]').replace(/Length: \d+/g, 'Length: N').replace(/\[\d+\/\d+\]/g, '[N/N]').replace(/\|\s+\d+ {2}0:00/g, '|  N  0:00').replace(/SOA\t(\S+ \S+) [\d ]+/g, 'SOA\t$1 N').replace(/(\tIN\tSOA\t)\S+ \S+/g, '$1NAMES').replace(/MSG SIZE.*/g, 'MSG SIZE N').replace(/AUTHORITY: \d/g, 'AUTHORITY: N')
  // A curl that was built without its manual does not name it.
  .replace("'curl --help' or 'curl --manual' for", "'curl --help' for").replace(/\} \[\d+ bytes data\]/g, '} [N bytes data]').replace(/^(api-7c9d4-x2x8p|no healthy upstream|404 page not found|api:8080|twin:8080)\n?/gm, '');

interface Block { readonly line: string; readonly text: string; readonly status: string }

const blocksOf = (file: string): readonly Block[] => readFileSync(`${here}${file}`, 'utf8').split(/^(?=### )/m).filter((block) => block !== '').map((block) => {
  const [, line = '', text = '', status = ''] = /^### ([^\n]*)\n([\s\S]*?)\[(\d+)\]\n$/.exec(block) ?? [];
  return { line, text, status };
});

/** Both streams as one set of lines: which of them a pipe delivers first is not the tools' to say. */
const lines = (text: string): readonly string[] => plain(text).split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').sort();

for (const [file, container] of [['curl.txt', 'all'], ['gnu.txt', 'all'], ['busybox.txt', 'busybox']] as const) {
  for (const { line, text, status } of blocksOf(file)) {
    test(`${container === 'busybox' ? 'BusyBox: ' : ''}${line} says what the real one says`, () => {
      const ran = type(session, `kubectl exec client -c ${container} -- ${line}`);
      const said = ran.output.map((piece) => piece.text).join('').replace(/command terminated with exit code \d+\n$/, '');
      assert.deepEqual(lines(said), lines(text));
      assert.equal(String(ran.status), status);
    });
  }
}

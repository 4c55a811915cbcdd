import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { base32, sha256 } from '../../../src/sim/base/sha256.ts';

const hex = (text: string): string => Buffer.from(sha256(text)).toString('hex');

test('the digests are those of the examples of FIPS 180-4', () => {
  assert.equal(hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
});

test('any text has the digest that others compute', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => { assert.equal(hex(text), createHash('sha256').update(text, 'utf8').digest('hex')); }));
});

test('base32 is that of RFC 4648, without padding', () => {
  const of = (text: string): string => base32(new TextEncoder().encode(text));
  assert.deepEqual(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(of), ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
});

test('the chains of well-known Services have their well-known names', () => {
  assert.equal(base32(sha256('kube-system/kube-dns:dnsudp')).slice(0, 16), 'TCOU7JCQXEZGVUNU');
  assert.equal(base32(sha256('default/kubernetes:httpstcp')).slice(0, 16), 'NPX46M4PTMTKRN6Y');
});

// Certificates as openssl writes them: names, end and who signed, nothing else.
import assert from 'node:assert/strict';
import test from 'node:test';
import { certificateOf } from '../../../src/sim/edge/certificate.ts';
import { readCertificate } from '../../../src/sim/edge/read-certificate.ts';
import type { Secret } from '../../../src/sim/model/object.ts';

const signed = `-----BEGIN CERTIFICATE-----
MIIBoTCCAUegAwIBAgIUPJvAv64mw8sBMfIZ0AOjscJcYLEwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGTGFiIENBMB4XDTI2MTEyMjIzNDA0NVoXDTM2MTExOTIzNDA0
NVowGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABJ2O0d5R/r775Gp+HCbbivEckmT0eB7XtDhzgUHgviN0/evURhTH
dBMfVowgKzD97CsPrlxUO7aFhCn23hIi2HyjczBxMC8GA1UdEQQoMCaCEHNob3Au
ZXhhbXBsZS5jb22CEiouc2hvcC5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUHIfFzRiW
8V5VYx8A6UO2/jIEBlMwHwYDVR0jBBgwFoAUrfPEIRKqLj7iw4VR3uj2Aeuv4MUw
CgYIKoZIzj0EAwIDSAAwRQIgD5rebT4LN+9h3LvD6BhI7g8W2S8d2vXs0e2G05DK
36UCIQCiarKsq/rn9Lk4F4kViN4NIPSZQZ3hSzkEDcwRAHy9Ow==
-----END CERTIFICATE-----
`;
const own = `-----BEGIN CERTIFICATE-----
MIIBqTCCAU6gAwIBAgIUZtzIdsGOYr6TwCLzKSHxbDESPBIwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQc2VsZi5leGFtcGxlLmNvbTAeFw0yNjExMjIyMzQwNDVaFw0z
NjExMTkyMzQwNDVaMBsxGTAXBgNVBAMMEHNlbGYuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASdjtHeUf6+++Rqfhwm24rxHJJk9Hge17Q4c4FB
4L4jdP3r1EYUx3QTH1aMICsw/ewrD65cVDu2hYQp9t4SIth8o3AwbjAdBgNVHQ4E
FgQUHIfFzRiW8V5VYx8A6UO2/jIEBlMwHwYDVR0jBBgwFoAUHIfFzRiW8V5VYx8A
6UO2/jIEBlMwDwYDVR0TAQH/BAUwAwEB/zAbBgNVHREEFDASghBzZWxmLmV4YW1w
bGUuY29tMAoGCCqGSM49BAMCA0kAMEYCIQD6sWPmp+IBhTakUyfq8NX4/0bX6p6a
RhJc4/Yn/zr4FQIhAOFdMf4UqJuQogBbE7pRbRBv18OXKGrwpWKeHSs1KRkG
-----END CERTIFICATE-----
`;

const holding = (pem: string): Secret => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls', namespace: 'shop' }, type: 'kubernetes.io/tls', data: { 'tls.crt': btoa(pem) } });

test('the alternative names and the last day stand in the certificate', () => {
  const read = readCertificate(signed);
  assert.deepEqual(read?.names, ['shop.example.com', '*.shop.example.com']);
  assert.equal(read.until, '2036-11-19T23:40:45Z');
  assert.notEqual(read.issuer, read.subject);
});

test('a certificate that signed itself is known by its names', () => {
  assert.deepEqual([certificateOf(holding(signed), 0).kind, certificateOf(holding(own), 0)], ['read', { kind: 'read', names: ['self.example.com'], trust: 'self-signed', subject: 'CN=self.example.com', issuer: 'CN=self.example.com', from: '2026-11-22T23:40:45Z', until: '2036-11-19T23:40:45Z', says: 'Secret shop/tls holds a certificate that nobody but its maker has signed.' }]);
});

test('after its last day it has expired', () => {
  const later = certificateOf(holding(signed), 11 * 366 * 86_400);
  assert.equal(later.kind === 'read' ? later.trust : '', 'expired');
});

test('what is broken anywhere is no certificate, and never a crash', () => {
  const body = signed.split('\n').slice(1, -2).join('');
  for (let cut = 0; cut < body.length; cut += 7) readCertificate(`-----BEGIN CERTIFICATE-----\n${body.slice(0, cut)}\n-----END CERTIFICATE-----`);
  for (const text of ['', 'x', '-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----']) assert.equal(readCertificate(text), null);
});

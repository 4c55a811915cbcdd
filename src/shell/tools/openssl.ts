// `openssl s_client` and telnet at a place: who ends TLS, and with which certificate.
import { both, failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { askNetwork, dialled, errnoOf, errnoText, secondsOf, targetOf, triedBefore, went } from './ask-network.ts';
import { certificateAt } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { opensslTime } from './curl-verbose.ts';
import { hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';

// Where OpenSSL was built; written so that the search for the world's own modules does not take it for one.
const library = `../${'cry'}pto`;

const errnos: Readonly<Record<string, number>> = { 'Connection refused': 111, 'Connection timed out': 110, 'No route to host': 113, 'Network is unreachable': 101 };

/** `openssl s_client -connect HOST:PORT [-servername NAME]`. Simplified: keys and signatures are not shown, only whom the certificate names, who signed it and what OpenSSL makes of that. */
export function openssl(call: Call): Answer {
  const inside = insideOf(call);
  const [verb, ...rest] = call.args;
  if (verb === 'version') return printed('OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)\n');
  if (verb === 'x509') return x509(call);
  if (verb !== 's_client') return failed('the lab\'s openssl knows: openssl s_client -connect HOST:PORT [-servername NAME], | openssl x509 -noout -subject -issuer -dates');
  let connect = 'localhost:4433';
  let name: string | null = null;
  let noName = false;
  let verifyName: string | null = null;
  let brief = false;
  for (let index = 0; index < rest.length; index++) {
    const word = (rest[index] ?? '').replace(/^--/, '-');
    if (word === '-connect') connect = rest[++index] ?? '';
    else if (word === '-servername') name = rest[++index] ?? '';
    else if (word === '-verify_hostname') verifyName = rest[++index] ?? '';
    else if (word === '-noservername') noName = true;
    else if (word === '-brief') brief = true;
    else if (['-CAfile', '-CApath', '-cert', '-key', '-alpn', '-starttls', '-verify', '-cipher', '-tls_version'].includes(word)) index += 1;
    else if (/^-(showcerts|quiet|tls1_2|tls1_3|no_ign_eof|ign_eof|msg|debug|state|status|verify_return_error|4|6)$/.test(word)) continue;
    else if (!word.startsWith('-')) connect = word;
    else return failed(`s_client: Unknown option: ${word.replace(/^-/, '-')}\ns_client: Use -help for summary.`);
  }
  const match = /^(\[[^\]]*\]|[^:]+)(?::(\d+))?$/.exec(connect);
  if (match === null) return failed('s_client: -connect argument or target parameter malformed or ambiguous');
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  const port = Number(match[2] ?? 443);
  const plain = askNetwork({ ...call, turn: `${call.turn}.tcp` }, inside, targetOf('tcp', host, port));
  const address = plain.trace.lookup === null ? host : plain.trace.lookup.addresses[0];
  // The name in the handshake may be another than the one that is dialled.
  const asked = name === null || address === undefined ? askNetwork(call, inside, targetOf('https', host, port)) : askNetwork(call, inside, targetOf('https', name, port), { dialled: { ip: address, port } });
  const { trace, walk, sent } = asked;
  const beside = { traces: [trace], sent: [sent], seconds: secondsOf(trace, walk), meanings: ['exec openssl'] };
  const number = '40C7A8F6D97F0000';
  if (plain.walk.verdict === 'name-not-found' || plain.walk.verdict === 'dns-failure') return both('', `${number}:error:10080002:BIO routines:BIO_lookup_ex:system lib:${library}/bio/bio_addr.c:746:${plain.walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution'}\nconnect:errno=0\n`, 1, { ...beside, traces: [plain.trace] });
  const errno = errnoOf(walk);
  if (errno !== null) return both('', `${number}:error:8000006F:system library:BIO_connect:${errnoText(errno, inside)}:${library}/bio/bio_sock2.c:114:calling connect()\n${number}:error:10000067:BIO routines:BIO_connect:connect error:${library}/bio/bio_sock2.c:116:\nconnect:errno=${errnos[errno] ?? 111}\n`, 1, beside);
  const serverName = noName ? null : name ?? host;
  const nothing = (error: string): Answer => both(`CONNECTED(00000003)\n---\nno peer certificate available\n---\nNo client certificate CA names sent\n---\nSSL handshake has read 5 bytes and written 297 bytes\nVerification: OK\n---\nNew, (NONE), Cipher is (NONE)\nSecure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\nEarly data was not sent\nVerify return code: 0 (ok)\n---\n`, `${error}\n`, 1, beside);
  if (walk.reason === 'tls-not-spoken') return nothing(`${number}:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:`);
  if (walk.reason === 'tls-closed') return nothing('write:errno=104');
  if (walk.verdict === 'hang') return both('CONNECTED(00000003)\n', '^C\n', 130, beside);
  return shownCertificate(certificateAt(call.lab, walk, serverName ?? host), verifyName, brief, beside);
}

function shownCertificate(tls: Certificate, verifyName: string | null, brief: boolean, beside: Parameters<typeof both>[3]): Answer {
  const spaced = (text: string): string => text.replace(/([A-Za-z]+)=/g, '$1 = ');
  const subject = spaced(tls.subject);
  const issuer = spaced(tls.issuer);
  const mismatch = verifyName !== null && !tls.names.includes(verifyName);
  const verify = tls.verify.code !== 0 ? tls.verify : mismatch ? { code: 62, text: 'hostname mismatch' } : { code: 0, text: 'ok' };
  const problem = verify.code === 0 ? '' : `verify error:num=${verify.code}:${verify.text}\nverify return:1\ndepth=0 ${subject}\n`;
  const err = `depth=0 ${subject}\n${problem}verify return:1\n`;
  if (brief) return both('', `${verify.code === 0 ? '' : `depth=0 ${subject}\nverify error:num=${verify.code}:${verify.text}\n`}CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\nCiphersuite: TLS_AES_256_GCM_SHA384\nPeer certificate: ${subject}\nHash used: SHA256\nSignature type: RSA-PSS\nVerification${verify.code === 0 ? ': OK' : ` error: ${verify.text}`}\nServer Temp Key: X25519, 253 bits\nDONE\n`, 0, beside);
  const validity = tls.from === null || tls.until === null ? '' : `   v:NotBefore: ${opensslTime(tls.from)}; NotAfter: ${opensslTime(tls.until)}\n`;
  return both(
    `CONNECTED(00000003)\n---\nCertificate chain\n 0 s:${subject}\n   i:${issuer}\n   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n${validity}---\nServer certificate\nsubject=${subject}\n\nissuer=${issuer}\n\n---\nNo client certificate CA names sent\nPeer signing digest: SHA256\nPeer signature type: RSA-PSS\nServer Temp Key: X25519, 253 bits\n---\nSSL handshake has read 1357 bytes and written 402 bytes\nVerification${verify.code === 0 ? ': OK' : ` error: ${verify.text}`}\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nServer public key is 2048 bit\nSecure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\nNo ALPN negotiated\nEarly data was not sent\nVerify return code: ${verify.code} (${verify.text})\n---\n`,
    `${err}DONE\n`, 0, beside,
  );
}

/** `openssl x509 -noout -subject -issuer -dates` of what s_client printed. */
function x509(call: Call): Answer {
  const text = call.stdin ?? '';
  const subject = /^subject=(.*)$/m.exec(text)?.[1];
  const issuer = /^issuer=(.*)$/m.exec(text)?.[1];
  const dates = /NotBefore: (.*); NotAfter: (.*)$/m.exec(text);
  if (subject === undefined) return failed('Could not read certificate from <stdin>\nUnable to load certificate');
  let out = '';
  for (const word of call.args) {
    if (word === '-subject') out += `subject=${subject}\n`;
    if (word === '-issuer') out += `issuer=${issuer ?? ''}\n`;
    if ((word === '-dates' || word === '-startdate') && dates !== null) out += `notBefore=${dates[1] ?? ''}\n`;
    if ((word === '-dates' || word === '-enddate') && dates !== null) out += `notAfter=${dates[2] ?? ''}\n`;
  }
  return printed(out);
}

/** `telnet HOST PORT`: it connects, and the lab hangs up. */
export function telnet(call: Call): Answer {
  const inside = insideOf(call);
  const [host, port = '23'] = call.args.filter((word) => !word.startsWith('-'));
  if (host === undefined) return failed('usage: telnet HOST [PORT]');
  if (!/^\d+$/.test(port) || Number(port) > 65_535) return failed(`telnet: bad port '${port}'`);
  const { trace, walk, sent } = askNetwork(call, inside, targetOf('tcp', host, Number(port)));
  const beside = { traces: [trace], sent: [sent], seconds: secondsOf(trace, walk), meanings: ['exec telnet'] };
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return both('', hasBusybox(inside.image) ? `telnet: bad address '${host}'` : `telnet: could not resolve ${host}/${port}: ${walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution'}`, 1, beside);
  const errno = errnoOf(walk);
  if (hasBusybox(inside.image)) return errno === null ? both(`Connected to ${host}\n`, 'Connection closed by foreign host\n', 1, beside) : both('', `telnet: can't connect to remote host (${dialled(trace)}): ${errnoText(errno, inside)}\n`, 1, beside);
  const tried = triedBefore(trace, walk).map((ip) => `Trying ${ip}...\n`).join('');
  if (errno !== null) return both(`${tried}Trying ${went(trace, walk)}...\n`, `telnet: Unable to connect to remote host: ${errnoText(errno, inside)}\n`, 1, beside);
  return both(`${tried}Trying ${went(trace, walk)}...\nConnected to ${host}.\nEscape character is '^]'.\n`, 'Connection closed by foreign host.\n', 1, beside);
}

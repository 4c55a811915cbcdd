// A port without a protocol is TCP, and DNS asks over UDP.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npProtocolDefaultTcp: Fault = {
  name: 'np-protocol-default-tcp',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ways(scene) {
    const { app, front } = scene.cast;
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${front}-egress`, [['spec.egress[0].ports', [{ port: 53 }]]], {
      en: { ticket: `\`${front}\` resolves nothing. The security team says that its policy allows port 53 to the DNS server, and \`dig +tcp\` proves it.`, look: `By which protocol does a resolver ask? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `The policy \`${front}-egress\` names port 53 without a protocol, which is TCP; resolvers ask over UDP first.` },
      de: { ticket: `\`${front}\` löst nichts auf. Das Security-Team sagt, die Policy erlaube Port 53 zum DNS-Server, und \`dig +tcp\` beweise es.`, look: `Mit welchem Protokoll fragt ein Resolver? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `Die Policy \`${front}-egress\` nennt Port 53 ohne Protokoll, und das ist TCP; Resolver fragen zuerst über UDP.` },
    })];
  },
};

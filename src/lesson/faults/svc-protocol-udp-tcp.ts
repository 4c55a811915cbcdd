// A UDP service behind a TCP port: nobody says no, and nothing arrives.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcProtocolUdpTcp: Fault = {
  name: 'svc-protocol-udp-tcp',
  link: 'https://kubernetes.io/docs/reference/networking/service-protocols/',
  ways(scene) {
    const { app, stats, front } = scene.cast;
    return [broken(scene, 'service', `Service/${app}/${stats}`, [['spec.ports[0].protocol', 'TCP']], {
      en: { ticket: `The dashboards are empty: nothing that \`${front}\` sends reaches \`${stats}\`. \`${front}\` reports no error.`, look: `A port is a number and a protocol: \`kubectl get service ${stats} -n ${app}\``, answer: `The Service \`${stats}\` has its port for TCP; the messages are UDP.` },
      de: { ticket: `Die Übersichten sind leer: nichts, was \`${front}\` sendet, kommt bei \`${stats}\` an. \`${front}\` meldet keinen Fehler.`, look: `Ein Port ist Nummer und Protokoll: \`kubectl get service ${stats} -n ${app}\``, answer: `Der Service \`${stats}\` hat seinen Port für TCP; die Meldungen sind UDP.` },
    })];
  },
};

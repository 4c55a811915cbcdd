// Every name outside costs a walk through the search list.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsNdotsLatency: Fault = {
  name: 'dns-ndots-latency',
  link: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
  ways(scene) {
    const { app, stats } = scene.cast;
    return [broken(scene, 'dns', `Deployment/${app}/${stats}`, [['spec.template.spec.dnsConfig', undefined]], {
      en: { ticket: `CoreDNS is asked four times as much since the last release of \`${stats}\`, and most of its answers are NXDOMAIN. Everything works, slowly.`, look: `Which questions does one name cost? \`k8snet-lab\` shows them in the DNS pane; in the pod: \`kubectl exec -n ${app} deploy/${stats} -- cat /etc/resolv.conf\``, answer: `The \`dnsConfig\` of \`${stats}\` with \`ndots\` 1 is gone: with 5 dots \`example.com\` walks the whole search list first.` },
      de: { ticket: `Seit dem letzten Release von \`${stats}\` wird CoreDNS viermal so oft gefragt, und meist antwortet es NXDOMAIN. Alles geht, nur langsam.`, look: `Welche Fragen kostet ein Name? \`k8snet-lab\` zeigt sie im DNS-Fenster; im Pod: \`kubectl exec -n ${app} deploy/${stats} -- cat /etc/resolv.conf\``, answer: `Die \`dnsConfig\` von \`${stats}\` mit \`ndots\` 1 fehlt: bei 5 Punkten läuft \`example.com\` erst durch die ganze Suchliste.` },
    })];
  },
};

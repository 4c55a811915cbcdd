// A load balancer that lets in the wrong part of the world.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const lbSourceRanges: Fault = {
  name: 'lb-source-ranges',
  link: 'https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer',
  ways(scene) {
    const { app, front, door } = scene.cast;
    if (door !== 'load-balancer') return [];
    return [broken(scene, 'external', `Service/${app}/${front}-door`, [['spec.loadBalancerSourceRanges', ['10.0.0.0/8']]], {
      en: { ticket: `Customers time out. From our office network, through the VPN, the pages of \`${front}\` open.`, look: `Whom does the load balancer let in? \`kubectl get service ${front}-door -n ${app} -o yaml\``, answer: `\`loadBalancerSourceRanges\` of \`${front}-door\` is 10.0.0.0/8: nobody on the internet comes from there.` },
      de: { ticket: `Kunden laufen in einen Timeout. Aus unserem Büronetz, durch das VPN, öffnen sich die Seiten von \`${front}\`.`, look: `Wen lässt der Load Balancer herein? \`kubectl get service ${front}-door -n ${app} -o yaml\``, answer: `\`loadBalancerSourceRanges\` von \`${front}-door\` ist 10.0.0.0/8: von dort kommt niemand aus dem Internet.` },
    })];
  },
};

// The server lets the client in, and the client may not leave.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npBothEnds: Fault = {
  name: 'np-both-ends',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
  ways(scene) {
    const { app, front, api, stats } = scene.cast;
    const words = (name: string): Parameters<typeof broken>[4] => ({
      en: { ticket: `\`${front}\` gets nothing from \`${name}\`, and no error either. The policy of \`${name}\` lets \`${front}\` in; we checked it by hand.`, look: `A packet passes two ends. Who judges it where it leaves? \`kubectl get networkpolicies -n ${app}\``, answer: `\`${front}-egress\` does not allow \`${name}\`: both ends must allow.` },
      de: { ticket: `\`${front}\` bekommt nichts von \`${name}\`, auch keinen Fehler. Die Policy von \`${name}\` lässt \`${front}\` herein; wir haben sie von Hand geprüft.`, look: `Ein Paket passiert zwei Enden. Wer urteilt, wo es hinausgeht? \`kubectl get networkpolicies -n ${app}\``, answer: `\`${front}-egress\` erlaubt \`${name}\` nicht: beide Enden müssen erlauben.` },
    });
    return [
      broken(scene, 'policy', `NetworkPolicy/${app}/${front}-egress`, [['spec.egress[1]', undefined]], words(api), 'spec.egress'),
      broken(scene, 'policy', `NetworkPolicy/${app}/${front}-egress`, [['spec.egress[2]', undefined]], words(stats), 'spec.egress'),
    ];
  },
};

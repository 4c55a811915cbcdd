// Pods without a Service have no name.
import type { Fault, Injury } from './fault.ts';

export const svcMissing: Fault = {
  name: 'svc-missing',
  link: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#does-the-service-exist',
  ways({ cast: { app, api, stats, front, scraper } }) {
    const way = (name: string, client: string): Injury => ({
      changed: [], removed: [`Service/${app}/${name}`], diagnosis: { layer: 'dns', object: `Service/${app}/${name}`, field: 'metadata.name' },
      words: {
        en: { ticket: `Since the cleanup of last night \`${client}\` cannot resolve \`${name}\`. The pods behind it run.`, look: `Who gives the name? \`kubectl get services -n ${app}\``, answer: `There is no Service \`${name}\` any more; pods by themselves have no name.` },
        de: { ticket: `Seit dem Aufräumen letzte Nacht kann \`${client}\` den Namen \`${name}\` nicht auflösen. Die Pods dahinter laufen.`, look: `Wer vergibt den Namen? \`kubectl get services -n ${app}\``, answer: `Es gibt keinen Service \`${name}\` mehr; Pods haben von sich aus keinen Namen.` },
      },
    });
    return [way(api, front), way(stats, front), way(`${api}-metrics`, scraper)];
  },
};

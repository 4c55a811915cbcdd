// Lessons from the ticket to the debrief, told once and lived at every size and line by line.
import test from 'node:test';
import assert from 'node:assert/strict';
import { ways } from './account.ts';
import type { Person } from './account.ts';

const accounts: Readonly<Record<string, (person: Person) => void>> = {
  'empty-endpoint-list': (person) => {
    person.reads('Ticket from the checkout team').says('predict refused').reads('as predicted');
    person.looksAt('layers').reads('broke here', 'not reached').looksAt('service').reads('matches no pod', 'the list is empty', 'way');
    person.says('diagnose service Service/shop/api spec.selector').reads('That is the cause.');
    person.runs('kubectl label pod -n shop -l app=api tier=backend').reads('labeled').looksAt('story').reads('no repair yet').says('undo');
    person.runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).reads('patched').looksAt('story').reads('Solved.', 'Where the runs part');
  },
  'default-deny-then-allow': (person) => {
    person.says('skip').says('skip').says('skip').says('skip').says('policy shop/web shop/db').reads('nothing may be sent', 'policyTypes', 'isolates shop/db');
    person.says('policy outside shop/web').reads('8080/TCP', 'web-from-anyone');
    person.runs('kubectl delete networkpolicy default-deny -n shop').reads('deleted').says('policy shop/web shop/db').reads('all ports').says('undo');
  },
  'tour-four-layers': (person) => {
    person.says('skip').looksAt('dns').reads('api.shop.svc.cluster.local.', 'ndots:5').says('network cost').reads('iptables', 'IPVS', 'nftables', 'eBPF', '5006');
    person.says('network plugins').reads('flannel', 'overhead', 'aws-vpc-cni', '1376').says('network nodes').reads('conntrack', 'routes', 'control-plane');
  },
};

for (const [lesson, account] of Object.entries(accounts)) {
  for (const { name, open } of ways) {
    test(`${lesson} ${name}`, () => {
      const person = open(lesson);
      account(person);
      assert.equal(person.player.desk.lesson?.name, lesson);
    });
  }
}

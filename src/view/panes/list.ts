// Every pane of the lab, in the order of their numbers. A new pane is a file here and a line in this list.
import type { PaneName } from '../../app/state.ts';
import type { Pane } from '../pane.ts';
import { dnsPane } from './dns.ts';
import { editorPane } from './editor.ts';
import { intentsPane } from './intents.ts';
import { layersPane } from './layers.ts';
import { networkPane } from './network.ts';
import { policyPane } from './policy.ts';
import { servicePane } from './service.ts';
import { storyPane } from './story.ts';
import { terminalPane } from './terminal.ts';

export const panes: readonly Pane[] = [storyPane, intentsPane, layersPane, dnsPane, terminalPane, policyPane, servicePane, networkPane, editorPane];

export const paneNamed = (name: PaneName): Pane => panes.find((pane) => pane.name === name) ?? storyPane;

import { query } from '../../../app/command.js';
import { mermaidChart } from '../../../app/diagram/mermaid.js';
import { readObjects } from '../../../app/diagram/object.js';
import { objectMermaid } from '../../../app/diagram/object-mermaid.js';
import { objectPlantUml } from '../../../app/diagram/object-plantuml.js';
import { diagramOptions } from '../../../app/diagram/options.js';
import { plantDiagram } from '../../../app/diagram/plantuml.js';
import { flag } from '../../../app/option.js';
import { outputFile } from '../../../app/options/output-file.js';

export const command = query({
  summary: 'Draw who signed whom',
  description:
    'Writes a diagram of the operator, its accounts and, if wanted, their users, and what is wrong with each.',
  options: {
    users: flag('users', { help: 'show the users, too' }),
    showKeys: flag('show-keys', { help: 'show the public keys, and which signing key signed what' }),
    ...diagramOptions,
  },
  examples: [
    { command: 'nsc generate diagram object --users -o trust.puml', what: 'then: plantuml trust.puml' },
    { command: 'nsc generate diagram object --format mermaid --detail', what: 'with limits, for a Markdown page' },
  ],

  run({ workspace: { storeRoot }, tree, now }, { users = false, showKeys = false, detail = false, ...input }) {
    const diagram = readObjects(tree, { now, users, showKeys, detail });
    return {
      kind: 'emitted',
      what: 'object diagram',
      content:
        input.format === 'mermaid'
          ? mermaidChart('Object Diagram', 'TB', objectMermaid(diagram), { storeRoot, now })
          : plantDiagram(objectPlantUml(diagram), { storeRoot, now }),
      ...outputFile(input.outputFile),
      data: { operator: tree.operator.name },
    };
  },
});

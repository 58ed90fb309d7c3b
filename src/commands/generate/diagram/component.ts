import { query } from '../../../app/command.js';
import { readComponents } from '../../../app/diagram/component.js';
import { componentMermaid } from '../../../app/diagram/component-mermaid.js';
import { componentPlantUml } from '../../../app/diagram/component-plantuml.js';
import { mermaidChart } from '../../../app/diagram/mermaid.js';
import { diagramOptions } from '../../../app/diagram/options.js';
import { plantDiagram } from '../../../app/diagram/plantuml.js';
import { outputFile } from '../../../app/options/output-file.js';

export const command = query({
  summary: 'Draw what accounts export and import',
  description:
    'Writes a diagram of the accounts that export or import: exports, who imports them under which subject, and what ' +
    'keeps an import from working.',
  options: diagramOptions,
  examples: [
    { command: 'nsc generate diagram component -o sharing.puml', what: 'then: plantuml sharing.puml' },
    { command: 'nsc generate diagram component --format mermaid', what: 'for a Markdown page' },
  ],

  run({ workspace: { storeRoot }, tree, now }, input) {
    const diagram = readComponents(tree, { now, detail: input.detail ?? false });
    const title = `Component Diagram of Accounts - Operator ${diagram.operator}`;
    return {
      kind: 'emitted',
      what: 'component diagram',
      content:
        input.format === 'mermaid'
          ? mermaidChart(title, 'LR', componentMermaid(diagram), { storeRoot, now })
          : plantDiagram(componentPlantUml(diagram), { storeRoot, now }),
      ...outputFile(input.outputFile),
      data: { operator: diagram.operator },
    };
  },
});

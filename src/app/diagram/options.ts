import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { flag, value } from '../option.js';
import { outputFileOption } from '../options/output-file.js';

/** The languages a diagram can be written in. */
export type DiagramFormat = 'plantuml' | 'mermaid';

const FORMATS: readonly string[] = ['plantuml', 'mermaid'] satisfies DiagramFormat[];

/** What every diagram takes. `--format` is ours: nsc knows PlantUML only. */
export const diagramOptions = {
  detail: flag('detail', { help: 'show what is said about things, too: descriptions, times, limits, permissions' }),
  format: value(
    'format',
    { placeholder: 'LANGUAGE', help: 'plantuml or mermaid', defaultText: 'plantuml', complete: FORMATS },
    readFormat,
  ),
  outputFile: outputFileOption,
};

function readFormat(given: string): DiagramFormat {
  if (FORMATS.includes(given)) return given as DiagramFormat;
  throw new NscError('bad-value', `${quote(given)} is not one of ${FORMATS.join(', ')}`);
}

import type { Checked, Finding } from '../app/result.js';
import { escapeForTerminal } from '../lib/display.js';
import { plural } from '../lib/plural.js';
import { messageLines } from './lines.js';
import type { Paint } from './paint.js';
import { pad } from './width.js';

/**
 * The report of a check: per section a numbered table of findings, with `!` where a finding blocks (reference:
 * nsc-core.md §9.19), the number of the rule, and what would mend it. The last line sums up.
 */
export function* renderChecks({ sections }: Checked, paint: Paint): Iterable<string> {
  for (const { title, findings } of sections) {
    const heading = paint.bold(escapeForTerminal(title));
    if (findings.length === 0) yield `${heading}: no issues found\n`;
    else yield `${heading}\n${findingLines(findings, paint)}`;
  }
  if (sections.length > 1) yield `${summary(sections.flatMap(({ findings }) => findings))}\n`;
}

function findingLines(findings: readonly Finding[], paint: Paint): string {
  const number = Math.max(String(findings.length).length, 1);
  const rule = Math.max(...findings.map((finding) => finding.rule.length), 'Rule'.length);
  const indent = 2 + number + 2 + 1 + 2 + rule + 2;
  const head = `  ${pad('#', number, 'right')}     ${pad('Rule', rule)}  Description\n`;
  const lines = findings.map((finding, at) => {
    const mark = isBlocking(finding) ? paint.red('!') : ' ';
    const start = `  ${pad(String(at + 1), number, 'right')}  ${mark}  ${pad(finding.rule, rule)}  `;
    const hint =
      finding.hint === undefined
        ? ''
        : `\n${' '.repeat(indent)}${paint.dim('hint:')} ${messageLines(finding.hint, indent + 6)}`;
    return `${start}${messageLines(finding.message, indent)}${hint}\n`;
  });
  return head + lines.join('');
}

const isBlocking = ({ level }: Finding): boolean => level !== 'warning' && level !== 'info';

function summary(findings: readonly Finding[]): string {
  const errors = findings.filter(isBlocking).length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (errors + warnings === 0) return 'no issues found';
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

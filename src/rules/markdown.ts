import { Rule } from './rule';

/**
 * The catalogue as a page: a table of all rules, then a section for each.
 */
export function rulesPage(rules: readonly Rule[]): string {
  return [
    '# Rules',
    '',
    'What the checks know, in the order of the ids. 1xx: the API server refuses it; 2xx: the path of packets; 4xx: scheduling and rollout; 5xx: timing.',
    'An error stops the synthesis. Where a fact that decides is not declared by `Cluster.describe`, an error is a warning that names it.',
    '',
    '_This page is made from the rules by `npx projen rules`._',
    '',
    '| rule | severity | title |',
    '|---|---|---|',
    ...rules.map(({ id, severity, title }) => `| [${id}](#${id.toLowerCase()}) | ${severity} | ${title} |`),
    ...rules.map(ruleSection),
    '',
  ].join('\n');
}

/**
 * One rule: why, remedy, facts, sources, and its two manifests.
 */
export function ruleSection(rule: Rule): string {
  return [
    '',
    `## ${rule.id}`,
    '',
    `**${rule.title}** (${rule.severity})`,
    '',
    rule.why,
    '',
    `_Change:_ ${rule.remedy}`,
    '',
    ...rule.facts ? [`_Facts that decide:_ ${rule.facts.map(fact => `\`${fact}\``).join(', ')}`, ''] : [],
    `_Sources:_ ${rule.sources.map(source => `<${source}>`).join(' · ')}`,
    ...example('Passes', rule.pass),
    ...example('Fails', rule.fail),
  ].join('\n');
}

function example(verdict: string, { manifests, facts = {} }: Rule['pass']): string[] {
  if (manifests.trim() === '') return [];
  const known = Object.entries(facts).map(([fact, value]) => `${fact} ${value}`).join(', ');
  return ['', `${verdict}${known ? ` with ${known}` : ''}:`, '', '```yaml', manifests.trim(), '```'];
}

import { Severity } from '../../src';
import { readModel } from '../../src/manifest/model';
import { formatFinding, judge } from '../../src/rules/engine';
import { rules } from '../../src/rules/index';
import { expectValid } from '../valid';
import { messages } from './messages';
import { ids, judgeYaml, parse } from '../support';

test('ids are CIP and three digits, in ascending order, each once', () => {
  const all = rules.map(({ id }) => id);
  expect(all).toEqual([...new Set(all)].sort());
  all.forEach(id => expect(id).toMatch(/^CIP\d{3}$/));
});

test('every rule has its exact message under test', () => {
  expect(Object.keys(messages)).toEqual(rules.map(({ id }) => id));
});

describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  test('has nothing against its passing manifests, and neither has any other rule', () => {
    const errors = judgeYaml(rule.pass.manifests, rule.pass.facts).filter(({ severity }) => severity === Severity.ERROR);
    expect(errors).toEqual([]);
    expect(ids(judgeYaml(rule.pass.manifests, rule.pass.facts))).not.toContain(id);
  });

  test('finds its failing manifests at fault, with this message', () => {
    const findings = id === 'CIP100'
      ? judge(readModel([{ manifest: { kind: 'Deployment', metadata: { name: 'web' } }, failure: 'PodSpec must have at least 1 container.', facts: {} }]))
      : judgeYaml(rule.fail.manifests, rule.fail.facts);
    const own = findings.filter(({ ruleId }) => ruleId === id);
    expect(own.map(formatFinding)).toEqual(messages[id]);
    own.forEach(({ message, remedy }) => expect(`${message}${remedy}`).not.toContain('\n'));
    own.forEach(({ severity }) => expect(severity).toBe(rule.severity));
  });

  test('documents itself: why, remedy, sources', () => {
    expect(rule.why).toMatch(/\.$/);
    expect(rule.remedy).toMatch(/\.$/);
    rule.sources.forEach(source => expect(source).toMatch(/^https:\/\//));
    expect(rule.sources.length).toBeGreaterThan(0);
  });

  test('passes with manifests that Kubernetes\' schema accepts', () => {
    parse(rule.pass.manifests).filter(({ kind }) => kind !== 'DaemonSet' && kind !== 'Pod').forEach(expectValid);
  });
});

import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { Cluster, ClusterFacts, Finding } from '../src';
import { readModel } from '../src/manifest/model';
import { judge } from '../src/rules/engine';

/** A chart in an app whose cluster is described. */
export function chartFor(facts: ClusterFacts = {}, id = 'test'): Chart {
  const app = Testing.app();
  Cluster.describe(app, facts);
  return new Chart(app, id);
}

export function appOf(scope: IConstruct): App {
  return App.of(scope) as App;
}

/** What an app is written as, object by object. */
export function manifestsOf(scope: IConstruct): any[] {
  return parse(quietly(() => appOf(scope).synthYaml()));
}

export function manifestOf(scope: IConstruct, kind: string): any {
  const found = manifestsOf(scope).filter(manifest => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return found[0];
}

export function parse(yaml: string): any[] {
  return parseAllDocuments(yaml).map(document => document.toJS()).filter(Boolean);
}

/** What the rules have against YAML documents. */
export function judgeYaml(yaml: string, facts: ClusterFacts = {}): Finding[] {
  return judge(readModel(parse(yaml).map(manifest => ({ manifest, facts }))));
}

export function ids(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ ruleId }) => ruleId))];
}

/** Adds YAML documents to a chart as plain ApiObjects. */
export function addYaml(chart: Chart, yaml: string): ApiObject[] {
  return parse(yaml).map((manifest, i) => new ApiObject(chart, `${manifest.kind}${chart.node.children.length}${i}`, manifest));
}

/** The errors that stop a synthesis, a line each. */
export function synthErrors(scope: IConstruct): string[] {
  try {
    quietly(() => appOf(scope).synthYaml());
    return [];
  } catch (error) {
    return `${(error as Error).message}`.split('\n').slice(1).map(line => line.trim());
  }
}

/** Runs with stderr caught. */
export function captureStderr(run: () => void): string {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    run();
    return write.mock.calls.map(([text]) => text).join('');
  } finally {
    write.mockRestore();
  }
}

/** Keeps warnings out of the tests' output, but for those that a test catches. */
function quietly<T>(run: () => T): T {
  if (jest.isMockFunction(process.stderr.write)) return run();
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    return run();
  } finally {
    write.mockRestore();
  }
}

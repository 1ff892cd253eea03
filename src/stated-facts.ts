import { IConstruct } from 'constructs';
import { ClusterFacts } from './cluster-facts';

// Shared by all copies of the library in one process.
const FACTS = Symbol.for('cdk8s-client-ip.ClusterFacts');

/**
 * What is stated at this very scope.
 */
export function factsStatedAt(scope: IConstruct): ClusterFacts | undefined {
  return (scope as any)[FACTS];
}

/**
 * States facts at a scope, in place of what was stated there.
 */
export function stateFacts(scope: IConstruct, facts: ClusterFacts): void {
  Object.defineProperty(scope, FACTS, { value: facts, configurable: true });
}

/**
 * What is known at a scope: the nearest statement of each fact.
 */
export function factsAt(scope: IConstruct): ClusterFacts {
  let facts: ClusterFacts = {};
  for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
    const stated = factsStatedAt(at);
    if (stated) facts = { ...stated, ...facts };
  }
  return facts;
}

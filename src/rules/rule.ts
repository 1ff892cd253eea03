import { ClusterFacts } from '../cluster-facts';
import { Severity } from '../finding';
import { ManifestObject, Model } from '../manifest/model';

/**
 * One way in which manifests go wrong: a pure function over plain data, and its own documentation.
 */
export interface Rule {
  /** `CIP` and three digits; the first digit is the chapter of RULES.md. Never reused. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What happens on the cluster, in two sentences at most. */
  readonly why: string;
  /** The change to make, in general. */
  readonly remedy: string;
  /** The facts that decide. One that is not declared turns an error into a warning. */
  readonly facts?: readonly (keyof ClusterFacts)[];
  readonly sources: readonly string[];
  /** Manifests that the rule has nothing against. */
  readonly pass: Example;
  /** Manifests that it finds at fault. */
  readonly fail: Example;
  check(model: Model, report: Report): void;
}

export interface Example {
  readonly facts?: ClusterFacts;
  /** YAML documents. */
  readonly manifests: string;
}

export type Report = (object: ManifestObject, violation: Violation) => void;

export interface Violation {
  readonly fieldPath: string;
  /** What is wrong, the value, and what is allowed. The object's name is put before it. */
  readonly message: string;
  /** @default - the rule's */
  readonly remedy?: string;
  /** The fact that would decide, where it is not declared. */
  readonly unknown?: 'nodes' | 'zones';
  /** @default - the rule's */
  readonly severity?: Severity;
}

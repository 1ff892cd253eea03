/**
 * How grave a finding is.
 */
export enum Severity {
  /**
   * It certainly breaks on the declared facts. Nothing is synthesized.
   */
  ERROR = 'error',

  /**
   * It may break, or a fact that would decide is not declared. Printed on stderr.
   */
  WARNING = 'warning',
}

/**
 * One thing that a rule has against one object.
 */
export interface Finding {
  /**
   * The rule that found it: `CIP` and three digits. An id is never reused.
   */
  readonly ruleId: string;

  /**
   * How grave it is.
   */
  readonly severity: Severity;

  /**
   * What is wrong, the value, and what is allowed, on one line.
   */
  readonly message: string;

  /**
   * The change to make, on one line.
   */
  readonly remedy: string;

  /**
   * The kind of the object at fault, as in its manifest.
   */
  readonly objectKind: string;

  /**
   * The namespace of the object at fault.
   *
   * @default - the manifest names none
   */
  readonly objectNamespace?: string;

  /**
   * The name of the object at fault.
   *
   * @default - the manifest has no name
   */
  readonly objectName?: string;

  /**
   * The field at fault, for example `spec.externalTrafficPolicy`.
   */
  readonly fieldPath: string;

  /**
   * The path of the construct that holds the object.
   *
   * @default - the object does not come from a construct
   */
  readonly constructPath?: string;

  /**
   * Where the rule is explained.
   */
  readonly docsUrl: string;
}

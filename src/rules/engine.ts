import { Finding, Severity } from '../finding';
import { rules } from './index';
import { Rule, Violation } from './rule';
import { ManifestObject, Model } from '../manifest/model';

const DOCS = 'https://github.com/cdk8s-client-ip/cdk8s-client-ip/blob/main/RULES.md';

/**
 * What all rules have against the objects of a model, in the order of the catalogue.
 */
export function judge(model: Model, catalogue: readonly Rule[] = rules): Finding[] {
  const findings: Finding[] = [];
  for (const rule of catalogue) {
    rule.check(model, (object, violation) => findings.push(toFinding(rule, object, violation)));
  }
  return findings;
}

/**
 * A violation of a rule by an object, as users see it.
 */
function toFinding(rule: Rule, object: ManifestObject, violation: Violation): Finding {
  const name = [object.namespace, object.name].filter(Boolean).join('/');
  const message = `${object.kind} ${name || 'without a name'}: ${violation.message}`;
  const unknown = violation.unknown && `The number of ${violation.unknown} decides, and is not declared: see Cluster.describe.`;
  return {
    ruleId: rule.id,
    severity: violation.severity ?? (violation.unknown ? Severity.WARNING : rule.severity),
    message: oneLine([message, unknown].filter(Boolean).join(' ')),
    remedy: oneLine(violation.remedy ?? rule.remedy),
    objectKind: object.kind,
    objectNamespace: object.namespace,
    objectName: object.name,
    fieldPath: violation.fieldPath,
    constructPath: object.origin?.path,
    docsUrl: `${DOCS}#${rule.id.toLowerCase()}`,
  };
}

/**
 * A finding on one line, as a synth error and on stderr.
 */
export function formatFinding(finding: Finding): string {
  return `${finding.ruleId}: ${finding.message} ${finding.remedy}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

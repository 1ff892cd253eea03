import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ClusterFacts } from './cluster-facts';
import { Finding, Severity } from './finding';
import { groupBy, Json } from './manifest/json';
import { isKnown, readModel, Source } from './manifest/model';
import { formatFinding, judge } from './rules/engine';
import { factsAt, factsStatedAt } from './stated-facts';

const SYNTHS = ['synth', 'synthYaml'] as const;

/**
 * The door at synth time: one scan of the whole tree for each `synth` or `synthYaml`.
 *
 * cdk8s validates an app once, and once more for each chart. Only the first of those
 * validations scans; the others repeat what it found. To know that they belong together, the
 * root's `synth` and `synthYaml` mark an extent. Inside it the JSON that the scan made of an
 * object is handed to cdk8s when it asks for that object, once, so that every object is
 * serialised once, as without us. Outside (`Testing.synth`, a manual validation) nothing is
 * remembered and nothing handed out.
 */
class SynthDoor {
  private depth = 0;
  /** What the last scan of this extent found, and how often it may still be repeated. */
  private found?: { readonly findings: Finding[]; repeats: number };
  private scanning = false;
  private readonly warned = new Set<string>();
  private readonly undo: (() => void)[] = [];

  /** Whether one call of the root's methods is one synthesis: an app with its own may do anything in between. */
  private readonly ordinary: boolean;

  constructor(private readonly root: IConstruct) {
    this.ordinary = SYNTHS.every(method => (root as any)[method] === App.prototype[method]);
    for (const method of SYNTHS) {
      const synth = (root as any)[method];
      if (typeof synth !== 'function') continue;
      hide(root, method, (...args: unknown[]) => this.extent(() => synth.apply(root, args)));
    }
    root.node.addValidation({ validate: () => this.validate() });
  }

  /** All findings as the tree stands now. Leaves the tree as it was. */
  public findings(): Finding[] {
    return this.scanning ? [] : this.found?.findings ?? this.scan(false);
  }

  private extent<T>(synth: () => T): T {
    this.depth++;
    try {
      return synth();
    } finally {
      if (--this.depth === 0) {
        this.found = undefined;
        this.restore();
      }
    }
  }

  private restore(): void {
    while (this.undo.length > 0) this.undo.pop()!();
  }

  private validate(): string[] {
    if (this.scanning) return [];
    const findings = this.depth > 0 ? this.findOnce() : this.scan(false);
    this.warn(findings.filter(isWarning));
    // In an extent the constructs at fault say it themselves. Else it is said here, at the root.
    return this.depth > 0 ? [] : findings.filter(isError).map(finding => `[${finding.constructPath}] ${formatFinding(finding)}`);
  }

  private findOnce(): Finding[] {
    if (this.found && this.found.repeats > 0) {
      this.found.repeats--;
      return this.found.findings;
    }
    this.restore();
    const constructs = this.root.node.findAll();
    const plain = this.ordinary && isPlain(constructs);
    const findings = this.scan(plain, constructs);
    this.attribute(findings.filter(isError), constructs);
    // Where others validate too they may change the tree once: what they left is scanned again.
    const repeats = plain || (this.ordinary && this.found) ? constructs.filter(construct => Chart.isChart(construct)).length : 0;
    this.found = { findings, repeats };
    return findings;
  }

  /** cdk8s names the construct whose validation fails, so each error is put to its own. */
  private attribute(errors: Finding[], constructs: IConstruct[]): void {
    if (errors.length === 0) return;
    const byPath = groupBy(errors, ({ constructPath }) => constructPath);
    for (const { node } of constructs) {
      const own = byPath.get(node.path);
      if (!own) continue;
      const validate = node.validate;
      this.undo.push(override(node, 'validate', () => [...validate.call(node), ...own.map(formatFinding)]));
    }
  }

  private scan(handOut: boolean, constructs: IConstruct[] = this.root.node.findAll()): Finding[] {
    this.scanning = true;
    try {
      const sources: Source[] = [];
      const surroundings = new Map<IConstruct, Surroundings>();
      for (const construct of constructs) {
        if (!ApiObject.isApiObject(construct) || !isKnown(construct as ApiObject)) continue;
        sources.push(this.write(construct as ApiObject, handOut, surroundingsOf(construct, surroundings)));
      }
      return judge(readModel(sources));
    } finally {
      this.scanning = false;
    }
  }

  private write(object: ApiObject, handOut: boolean, surroundings: Surroundings): Source {
    const source = { facts: surroundings.facts, batch: surroundings.chart, origin: object.node };
    const unlook = rememberScheduling(object);
    try {
      const manifest = object.toJson();
      if (handOut) this.undo.push(handOutOnce(object, manifest, unlook));
      else unlook();
      return { ...source, manifest };
    } catch (error) {
      unlook();
      // Not its metadata's toJson: that may be what failed.
      const { apiVersion, kind, name, metadata: { namespace, labels, annotations } } = object as any;
      return { ...source, manifest: { apiVersion, kind, metadata: { name, namespace, labels, annotations } }, failure: reason(error) };
    }
  }

  /** cdk8s has no channel for warnings. Each goes to stderr once; those of one rule together. */
  private warn(warnings: Finding[]): void {
    const fresh = warnings.filter(finding => !this.warned.has(formatFinding(finding)));
    for (const finding of fresh) this.warned.add(formatFinding(finding));
    for (const [ruleId, [first, ...others]] of groupBy(fresh, finding => finding.ruleId)) {
      const more = others.length > 0 ? ` (${others.length} more of ${ruleId}: ClientIpChecks.of(app).findings() has them all.)` : '';
      process.stderr.write(`[${first.constructPath}] warning ${formatFinding(first)}${more}\n`);
    }
  }
}

/** What the scopes around an object say of it. */
interface Surroundings {
  readonly facts: ClusterFacts;
  readonly chart: Chart;
}

function surroundingsOf(scope: IConstruct, known: Map<IConstruct, Surroundings>): Surroundings {
  if (!Chart.isChart(scope) && !factsStatedAt(scope)) return surroundingsOf(scope.node.scope!, known);
  let surroundings = known.get(scope);
  if (!surroundings) known.set(scope, surroundings = { facts: factsAt(scope), chart: Chart.of(scope) });
  return surroundings;
}

function isError({ severity }: Finding): boolean {
  return severity === Severity.ERROR;
}

function isWarning({ severity }: Finding): boolean {
  return severity === Severity.WARNING;
}

/**
 * Whether what the scan sees is what cdk8s will write: no chart that writes itself, and no
 * validation of others, which might change the tree between the two.
 */
function isPlain(constructs: IConstruct[]): boolean {
  return constructs.every(construct => {
    if (Chart.isChart(construct) && (construct as Chart).toJson !== Chart.prototype.toJson) return false;
    // Newer versions of constructs make the list when it is first needed.
    const validations = (construct.node as any)._validations ?? [];
    return validations.length === 0 || validations.length <= harmlessValidations(construct);
  });
}

/** How many of a construct's validations are known to only look: our own, and those of cdk8s-plus. */
function harmlessValidations(construct: IConstruct): number {
  if ((construct as any)[DOOR]) return 1;
  const name: string = (construct.constructor as any)[Symbol.for('jsii.rtti')]?.fqn ?? '';
  if (/^cdk8s-plus-\d+\.Ingress$/.test(name)) return 1;
  return /^cdk8s-plus-\d+\.HorizontalPodAutoscaler$/.test(name) ? 2 : 0;
}

/**
 * Lets an object be written as `manifest` the next time, and never again.
 *
 * @returns what takes that back
 */
function handOutOnce(object: ApiObject, manifest: Json, unlook: () => void): () => void {
  const restore = override(object, 'toJson', () => {
    restore();
    handedOut = true;
    const once = manifest;
    manifest = undefined;
    return once;
  });
  let handedOut = false;
  return () => {
    if (handedOut) return;
    restore();
    unlook();
  };
}

/**
 * cdk8s-plus appends the terms of `spread: true` whenever a workload is written. A look that
 * does not end in a manifest must not.
 *
 * @returns what takes that back
 */
function rememberScheduling(object: ApiObject): () => void {
  const workload = object.node.scope as any;
  if (workload?.spread !== true || typeof workload.scheduling !== 'object') return () => {};
  const arrays = Object.values(workload.scheduling).filter(Array.isArray);
  const lengths = arrays.map(array => array.length);
  return () => arrays.forEach((array, i) => { array.length = lengths[i]; });
}

function reason(error: unknown): string {
  // cdk8s repeats the path and name of the construct before the reason, and they are known.
  const text = `${error instanceof Error ? error.message : error}`.replace(/^Failed serializing construct at path '[^']*' with name '[^']*': (Error: )?/, '');
  const line = text.replace(/\s+/g, ' ').trim();
  return `${line.length > 400 ? `${line.slice(0, 400)}...` : line.replace(/\.$/, '')}.`;
}

/** Puts a method of our own in the place of another's, until the result is called. */
function override(target: object, name: string, method: (...args: any[]) => unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  hide(target, name, method);
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else delete (target as any)[name];
  };
}

function hide(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

const DOOR = Symbol.for('cdk8s-client-ip.SynthDoor');

/**
 * Opens the door at the root of a scope, if nobody has yet.
 */
export function installChecks(scope: IConstruct): void {
  const root = scope.node.root;
  if (!(root as any)[DOOR]) hide(root, DOOR, new SynthDoor(root));
}

/**
 * All findings of the tree that a scope is in.
 */
export function findingsOf(scope: IConstruct): Finding[] {
  installChecks(scope);
  return (scope.node.root as any)[DOOR].findings();
}

import { ClusterFacts } from '../cluster-facts';
import { dictionary, groupBy, Json, list, show } from './json';
import { Labels, selects } from './selector';

/**
 * A manifest, where it comes from, and what is known of the cluster it is for.
 */
export interface Source {
  readonly manifest: Json;
  /** Why there is no more of the manifest than kind and name, where writing it failed. */
  readonly failure?: string;
  readonly facts: ClusterFacts;
  /** What the manifest comes from. */
  readonly origin?: Origin;
  /** Stands for what is applied together. */
  readonly batch?: unknown;
}

export interface Origin {
  readonly path: string;
}

/**
 * What every object has.
 */
export interface ManifestObject extends Source {
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly spec: Record<string, Json>;
}

export interface Service extends ManifestObject {
  /** Whether its `externalTrafficPolicy` is Local. */
  readonly local: boolean;
  readonly ports: Json[];
  /** The workloads that its selector selects, in the order of the manifests. */
  readonly backends: readonly Workload[];
}

/**
 * Anything that makes pods: a Deployment, StatefulSet, DaemonSet, ReplicaSet, or a bare Pod.
 */
export interface Workload extends ManifestObject {
  /** As stated, or the least that an autoscaler keeps; the API server's default is 1. DaemonSets have none. */
  readonly replicas: Json;
  readonly podLabels: Labels;
  readonly podSpec: Record<string, Json>;
  /** Containers without those that only run at the start. */
  readonly containers: Json[];
  /** The Local Services that select its pods. */
  readonly localServices: readonly Service[];
}

export interface DisruptionBudget extends ManifestObject {
  readonly workloads: readonly Workload[];
}

/**
 * All that the rules look at: plain data, joined.
 */
export interface Model {
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
  readonly budgets: readonly DisruptionBudget[];
  /** All of the above and below, in the order of the manifests. */
  readonly objects: readonly ManifestObject[];
  /** What could not be written. */
  readonly failures: readonly ManifestObject[];
}

/** The API groups of the kinds that the model has a use for. Others use the same names for other things. */
const GROUPS = new Map<Json, RegExp>([
  ...['Service', 'Pod', 'ReplicationController', 'List'].map(kind => [kind, /^v1$/] as const),
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(kind => [kind, /^apps\//] as const),
  ['PodDisruptionBudget', /^policy\//],
  ['HorizontalPodAutoscaler', /^autoscaling\//],
]);

/**
 * Whether the model has a use for an object. The rest need not be serialised.
 */
export function isKnown({ apiVersion, kind }: { apiVersion?: Json; kind?: Json }): boolean {
  const group = GROUPS.get(kind);
  return group !== undefined && (typeof apiVersion !== 'string' || group.test(apiVersion));
}

/**
 * Reads manifests into the model. Unknown kinds are left alone, a `List` is unwrapped,
 * and a field of the wrong shape reads as absent.
 */
export function readModel(sources: Iterable<Source>): Model {
  const services: Mutable<Service>[] = [];
  const workloads: Mutable<Workload>[] = [];
  const budgets: Mutable<DisruptionBudget>[] = [];
  const objects: ManifestObject[] = [];
  const failures: ManifestObject[] = [];
  const autoscalers: ManifestObject[] = [];

  const read = (source: Source): void => {
    const { apiVersion, kind, metadata, spec, items } = dictionary(source.manifest);
    if (!isKnown({ apiVersion, kind }) && source.failure === undefined) return;
    if (kind === 'List' && source.failure === undefined) {
      for (const manifest of list(items)) read({ ...source, manifest });
      return;
    }
    const { namespace, name } = dictionary(metadata);
    const object: ManifestObject = { ...source, kind, namespace: text(namespace), name: text(name), spec: dictionary(spec) };
    if (source.failure !== undefined) {
      failures.push(object);
    } else if (kind === 'Service') {
      services.push(Object.assign(object, { local: object.spec.externalTrafficPolicy === 'Local', ports: list(object.spec.ports), backends: [] }));
    } else if (kind === 'HorizontalPodAutoscaler') {
      autoscalers.push(object);
      return;
    } else if (kind === 'PodDisruptionBudget') {
      budgets.push(Object.assign(object, { workloads: [] }));
    } else {
      workloads.push(Object.assign(object, readPods(object), { localServices: [] }));
    }
    objects.push(object);
  };
  for (const source of sources) read(source);

  const scaled = new Map(autoscalers.map(({ namespace, spec }) => {
    const { kind, name } = dictionary(spec.scaleTargetRef);
    return [`${namespaceOf(namespace)} ${text(kind)}/${text(name)}`, spec.minReplicas ?? 1];
  }));
  for (const workload of scaled.size > 0 ? workloads : []) {
    workload.replicas = scaled.get(`${namespaceOf(workload.namespace)} ${workload.kind}/${workload.name}`) ?? workload.replicas;
  }

  const index = new WorkloadIndex(workloads);
  for (const service of services) {
    service.backends = index.select(service.namespace, serviceSelector(service));
  }
  // Services with one selector share one list of backends, so this stays linear.
  for (const [backends, local] of groupBy(services.filter(service => service.local), service => service.backends)) {
    for (const workload of backends as readonly Mutable<Workload>[]) {
      workload.localServices = workload.localServices.length === 0 ? local : [...workload.localServices, ...local];
    }
  }
  for (const budget of budgets) {
    budget.workloads = index.select(budget.namespace, budget.spec.selector);
  }
  return { services, workloads, budgets, objects, failures };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function readPods(object: ManifestObject): Pick<Workload, 'replicas' | 'podLabels' | 'podSpec' | 'containers'> {
  const template = object.kind === 'Pod' ? object.manifest : dictionary(object.spec.template);
  const podSpec = dictionary(template.spec);
  return {
    replicas: object.kind === 'DaemonSet' ? undefined : object.spec.replicas ?? 1,
    podLabels: dictionary(dictionary(template.metadata).labels),
    podSpec,
    containers: list(podSpec.containers).map(dictionary),
  };
}

function text(value: Json): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A Service without a selector has its endpoints written by someone else. */
function serviceSelector(service: ManifestObject): Json {
  const matchLabels = dictionary(service.spec.selector);
  return Object.keys(matchLabels).length > 0 ? { matchLabels } : undefined;
}

/** A manifest without a namespace goes to the one that kubectl is set to: nearly always `default`. */
function namespaceOf(namespace: string | undefined): string {
  return namespace ?? 'default';
}

/**
 * Finds workloads by selector without looking at each: by the rarest label asked for,
 * and once for each selector.
 */
class WorkloadIndex {
  private readonly byLabel = new Map<string, Workload[]>();
  private readonly byNamespace = new Map<string, Workload[]>();
  private readonly known = new Map<string, Workload[]>();

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) {
      const namespace = namespaceOf(workload.namespace);
      add(this.byNamespace, namespace, workload);
      for (const [key, value] of Object.entries(workload.podLabels)) {
        add(this.byLabel, labelKey(namespace, key, value), workload);
      }
    }
  }

  public select(inNamespace: string | undefined, selector: Json): Workload[] {
    if (!selector) return [];
    const namespace = namespaceOf(inNamespace);
    const key = `${namespace} ${JSON.stringify(selector)}`;
    let found = this.known.get(key);
    if (!found) {
      found = this.candidates(namespace, selector).filter(workload => selects(selector, workload.podLabels));
      this.known.set(key, found);
    }
    return found;
  }

  private candidates(namespace: string, selector: Json): Workload[] {
    let fewest = this.byNamespace.get(namespace) ?? [];
    for (const [key, value] of Object.entries(dictionary(dictionary(selector).matchLabels))) {
      const having = this.byLabel.get(labelKey(namespace, key, value)) ?? [];
      if (having.length < fewest.length) fewest = having;
    }
    return fewest;
  }
}

function labelKey(namespace: string, key: string, value: Json): string {
  return `${namespace} ${key}=${typeof value === 'string' ? value : show(value)}`;
}

function add<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const values = index.get(key);
  if (values) values.push(value);
  else index.set(key, [value]);
}

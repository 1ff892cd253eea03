import { ApiObject, ApiObjectMetadata, Duration, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Cluster } from './cluster';
import { DisruptionBudget } from './disruption-budget';
import { Drain } from './drain';
import { Exposure } from './exposure';
import { LocalPolicyService } from './local-policy-service';
import { amend } from './manifest/amend';
import { dictionary, fillUnset, Json, list } from './manifest/json';
import { requireKind } from './require-kind';
import { Rollout } from './rollout';
import { Spread } from './spread';
import { SpreadDeployment } from './spread-deployment';

/**
 * Properties of `ClientIpPreservingService`.
 */
export interface ClientIpPreservingServiceProps extends kplus.AbstractPodProps {
  /**
   * The Service's ports.
   *
   * @default - one port for each port of the containers given here
   */
  readonly ports?: kplus.ServicePort[];

  /**
   * How many pods: an integer from 0 on.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * How clients reach the Service.
   *
   * @default Exposure.loadBalancer()
   */
  readonly exposure?: Exposure;

  /**
   * How pods are kept on different nodes.
   *
   * @default Spread.required()
   */
  readonly spread?: Spread;

  /**
   * How a new generation of pods replaces the old one.
   *
   * @default Rollout.keepServing()
   */
  readonly rollout?: Rollout;

  /**
   * How a pod leaves. The grace period, where it is not stated, is the delay and 30 seconds.
   *
   * @default - Drain.delay(Duration.seconds(25)), or half of a stated grace period below 50 seconds
   */
  readonly drain?: Drain;

  /**
   * How many pods a drain of nodes may take away at a time.
   *
   * @default - DisruptionBudget.maxUnavailable(1), with more than one replica; none below
   */
  readonly disruptionBudget?: DisruptionBudget;

  /**
   * For how long a pod must be ready before it counts as available.
   *
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * After how long without progress a rollout is reported as failed. Longer than `minReady`.
   *
   * @default Duration.seconds(600)
   */
  readonly progressDeadline?: Duration;

  /**
   * Metadata of the pods. `metadata` is that of the Deployment, the Service and the budget.
   *
   * @default - one label that identifies them
   */
  readonly podMetadata?: ApiObjectMetadata;
}

/**
 * An application whose pods see their clients' addresses: a Service with
 * `externalTrafficPolicy: Local`, the Deployment behind it with its pods on different nodes, and
 * what keeps every serving node serving through rollouts and drains.
 *
 * Only what is not stated gets a default. A container that serves one of the ports over TCP and
 * has no readiness probe gets one that connects to it.
 */
export class ClientIpPreservingService extends Construct {
  /**
   * The Deployment.
   */
  public readonly deployment: SpreadDeployment;

  /**
   * The Service.
   */
  public readonly service: LocalPolicyService;

  /**
   * The PodDisruptionBudget, where there is one.
   */
  public readonly disruptionBudget?: ApiObject;

  constructor(scope: Construct, id: string, props: ClientIpPreservingServiceProps = {}) {
    super(scope, id);
    const { ports, exposure, drain, disruptionBudget, ...deployment } = props;
    const leave = drain ?? Drain._within(props.terminationGracePeriod);
    requireKind('drain', leave, '_fill', 'Drain.delay() or Drain.none()');

    this.deployment = new SpreadDeployment(this, 'Deployment', {
      ...deployment,
      terminationGracePeriod: props.terminationGracePeriod ?? leave._gracePeriod(),
    });
    this.service = new LocalPolicyService(this, 'Service', {
      metadata: props.metadata,
      exposure,
      selector: this.deployment,
      ports: ports ?? this.deployment.containers.flatMap(container => container.ports).map(toServicePort),
    });
    amend(ApiObject.of(this.deployment), {
      fill: manifest => fillReadiness(leave._fill(manifest, Cluster.of(this).kubernetesVersion), this.service.ports),
    });

    const budget = (disruptionBudget ?? defaultBudget(props.replicas))._spec;
    if (budget) {
      this.disruptionBudget = new ApiObject(this, 'DisruptionBudget', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: props.metadata,
        spec: { ...budget, selector: Lazy.any({ produce: () => this.podSelector() }) },
      });
    }
  }

  private podSelector(): Json {
    const { matchLabels, matchExpressions } = this.deployment;
    return { matchLabels, ...(matchExpressions.length > 0 ? { matchExpressions } : {}) };
  }
}

function defaultBudget(replicas = 2): DisruptionBudget {
  return replicas > 1 ? DisruptionBudget.maxUnavailable(kplus.PercentOrAbsolute.absolute(1)) : DisruptionBudget.none();
}

function toServicePort(port: kplus.ContainerPort): kplus.ServicePort {
  return { name: port.name, port: port.number, targetPort: port.number, protocol: port.protocol };
}

/** Gives each container that serves a port over TCP a probe of that port, where it has none. One alone serves all. */
function fillReadiness(manifest: Json, served: kplus.ServicePort[]): Json {
  const targets = served
    .filter(({ protocol = kplus.Protocol.TCP }) => protocol === kplus.Protocol.TCP)
    .map(({ port, targetPort = port }) => targetPort);
  const template = dictionary(dictionary(manifest.spec).template);
  const podSpec = dictionary(template.spec);
  const alone = list(podSpec.containers).length === 1;
  const containers = list(podSpec.containers).map(container => {
    const numbers = list(container.ports).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ containerPort }) => containerPort);
    const port = targets.find(target => numbers.includes(target)) ?? (alone && numbers.length === 0 ? targets[0] : undefined);
    return port === undefined ? container : fillUnset(container, { readinessProbe: { tcpSocket: { port } } });
  });
  return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec: { ...podSpec, containers } } } };
}

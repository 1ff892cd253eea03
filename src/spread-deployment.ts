import { ApiObject, ApiObjectMetadata, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Cluster } from './cluster';
import { amend } from './manifest/amend';
import { sealGeneration } from './manifest/generation';
import { requireKind } from './require-kind';
import { Rollout } from './rollout';
import { Spread } from './spread';
import { installChecks } from './synth-door';

/**
 * Properties of `SpreadDeployment`.
 */
export interface SpreadDeploymentProps extends kplus.AbstractPodProps {
  /**
   * How many pods: an integer from 0 on. Left out of the manifest when a
   * HorizontalPodAutoscaler targets the Deployment.
   *
   * @default 2
   */
  readonly replicas?: number;

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
   * Metadata of the pods.
   *
   * @default - one label that identifies them
   */
  readonly podMetadata?: ApiObjectMetadata;

  /**
   * Whether the Deployment selects its pods by itself.
   *
   * @default true
   */
  readonly select?: boolean;
}

/**
 * A Deployment that keeps its pods on different nodes, also while it rolls out.
 *
 * Which fields say so depends on the cluster's version: see `Spread`, and declare the version with
 * `Cluster.describe`. A JSON patch on it changes the manifest as it is written.
 */
export class SpreadDeployment extends kplus.Deployment {
  constructor(scope: Construct, id: string, props: SpreadDeploymentProps = {}) {
    const { spread = Spread.required(), rollout = Rollout.keepServing(), ...deployment } = props;
    requireKind('spread', spread, '_fill', 'Spread.required(), Spread.preferred() or Spread.even()');
    requireKind('rollout', rollout, '_strategy', 'Rollout.keepServing(), Rollout.rollingUpdate() or Rollout.recreate()');
    super(scope, id, { ...deployment, strategy: rollout._strategy });
    amend(ApiObject.of(this), {
      fill: manifest => spread._fill(manifest, Cluster.of(this).kubernetesVersion),
      seal: sealGeneration,
    });
    installChecks(this);
  }

  /**
   * Adds a container to the pods.
   *
   * @param cont the container
   */
  public addContainer(cont: kplus.ContainerProps): kplus.Container {
    const container = super.addContainer(cont);
    const number = cont.portNumber ?? cont.port;
    // cdk8s-plus drops a port number of 0 or NaN without a word. Kept, it is refused by name.
    if (number !== undefined && !number) container.addPort({ number });
    return container;
  }
}

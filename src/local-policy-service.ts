import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Exposure } from './exposure';
import { amend } from './manifest/amend';
import { copy, dictionary, fillUnset, Json, list, show } from './manifest/json';
import { requireKind } from './require-kind';
import { installChecks } from './synth-door';

/**
 * Properties of `LocalPolicyService`.
 */
export interface LocalPolicyServiceProps extends kplus.ResourceProps {
  /**
   * How clients reach it.
   *
   * @default Exposure.loadBalancer()
   */
  readonly exposure?: Exposure;

  /**
   * The pods behind it.
   *
   * @default - none; add them by `select()` or `selectLabel()`
   */
  readonly selector?: kplus.IPodSelector;

  /**
   * Its ports. With more than one, those without a name are called for example `tcp-80`.
   *
   * @default - none; add them by `bind()`
   */
  readonly ports?: kplus.ServicePort[];

  /**
   * Its address inside the cluster.
   *
   * @default - one is allocated
   */
  readonly clusterIP?: string;
}

/**
 * A Service with `externalTrafficPolicy: Local`: pods see their clients' addresses, and only
 * nodes with a ready pod serve.
 *
 * A JSON patch on it changes the manifest as it is written. One that takes away what the class is
 * for is an error at synth.
 *
 * @see https://kubernetes.io/docs/tutorials/services/source-ip/
 */
export class LocalPolicyService extends kplus.Service {
  /**
   * How clients reach it.
   */
  public readonly exposure: Exposure;

  constructor(scope: Construct, id: string, props: LocalPolicyServiceProps = {}) {
    const exposure = props.exposure ?? Exposure.loadBalancer();
    requireKind('exposure', exposure, '_nodePorts', 'Exposure.loadBalancer() or Exposure.nodePort()');
    super(scope, id, {
      metadata: props.metadata,
      type: exposure._type,
      selector: props.selector,
      ports: props.ports,
      clusterIP: props.clusterIP,
    });
    this.exposure = exposure;
    for (const [key, value] of Object.entries(exposure._annotations)) {
      const stated = props.metadata?.annotations?.[key];
      if (stated !== undefined && stated !== value) {
        throw new Error(`LocalPolicyService '${this.node.path}': annotation ${key} is ${show(stated)} by metadata and ${show(value)} by exposure. State it once.`);
      }
      this.metadata.addAnnotation(key, value);
    }
    amend(ApiObject.of(this), { fill: manifest => this.fill(manifest), seal: requireLocal });
    installChecks(this);
  }

  private fill(manifest: Json): Json {
    const spec = dictionary(manifest.spec);
    const ports = this.exposure._nodePorts(list(spec.ports)).map((port, i) => fillUnset(port, {
      name: this.ports.length > 1 ? `${port.protocol ?? 'TCP'}-${port.port}`.toLowerCase() : undefined,
      // cdk8s-plus drops a target port of 0 or NaN without a word. Kept, it is refused by name.
      targetPort: this.ports[i].targetPort,
    }));
    return { ...manifest, spec: fillUnset({ ...spec, ports }, copy(this.exposure._spec)) };
  }
}

function requireLocal(manifest: Json): Json {
  const { externalTrafficPolicy } = dictionary(manifest.spec);
  if (externalTrafficPolicy === 'Local') return manifest;
  throw new Error(`spec.externalTrafficPolicy is patched to ${show(externalTrafficPolicy)}; of a LocalPolicyService only Local is allowed. Remove the patch, or use a cdk8s-plus Service.`);
}

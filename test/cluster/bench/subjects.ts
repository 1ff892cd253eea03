import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Manifest } from './api';
import {
  ClientIpPreservingService, ClientIpPreservingServiceProps, Cluster, ClusterFacts, Drain, Exposure, IpFamily,
} from '../../../src';
import { captureStderr } from '../../support';

/** What an app's chart consists of, by kind. */
export interface Subject {
  readonly deployment: Manifest;
  readonly service: Manifest;
  readonly manifests: Manifest[];
}

/** A server that answers on 8080 over TCP, and over UDP too. Another image is another release. */
export const server = (image = 'server:1'): kplus.ContainerProps => ({
  image,
  ports: [{ name: 'tcp', number: 8080, protocol: kplus.Protocol.TCP }, { name: 'udp', number: 8080, protocol: kplus.Protocol.UDP }],
  resources: { cpu: { request: kplus.Cpu.millis(100) }, memory: {} },
  securityContext: { ensureNonRoot: false, readOnlyRootFilesystem: false },
  readiness: kplus.Probe.fromHttpGet('/', { port: 8080, periodSeconds: Duration.seconds(1) }),
});

/**
 * What the library makes of a bundle on a cluster. Pods leave within a second,
 * unless a test is about just that.
 */
export function bundle(facts: ClusterFacts, props: ClientIpPreservingServiceProps = {}): Subject {
  return written(scope => {
    Cluster.describe(scope, facts);
    new ClientIpPreservingService(scope, 'Web', {
      containers: [server()],
      ports: [{ name: 'tcp', port: 80, targetPort: 8080 }, { name: 'udp', port: 81, targetPort: 8080, protocol: kplus.Protocol.UDP }],
      drain: Drain.delay(Duration.seconds(1)),
      ...props,
    });
  });
}

/** What cdk8s-plus alone makes of one pod a node: `scheduling.spread()`, and its default rollout. */
export function plain(replicas: number, image?: string): Subject {
  return written(scope => {
    const deployment = new kplus.Deployment(scope, 'Web', { replicas, containers: [server(image)] });
    deployment.scheduling.spread({ topology: kplus.Topology.HOSTNAME });
    deployment.exposeViaService({ serviceType: kplus.ServiceType.LOAD_BALANCER, ports: [{ port: 80, targetPort: 8080 }] });
  });
}

/** What a chart is written as. */
export function written(fill: (chart: Chart) => void): Subject {
  const chart = new Chart(new App(), 'lab');
  fill(chart);
  let manifests: Manifest[] = [];
  captureStderr(() => manifests = chart.toJson());
  const ofKind = (kind: string) => manifests.find(each => each.kind === kind);
  return { manifests, deployment: ofKind('Deployment'), service: ofKind('Service') };
}

/** A load balancer for one family only. */
export const inFamily = (family: 'IPv4' | 'IPv6') => Exposure.loadBalancer({ ipFamilies: [family === 'IPv4' ? IpFamily.IPV4 : IpFamily.IPV6] });

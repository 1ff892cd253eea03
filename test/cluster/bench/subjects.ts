import { Manifest } from './api';

export const LABELS = { app: 'web' };

export interface WorkloadProps {
  readonly replicas: number;
  readonly nodeName?: string;
}

/** A Deployment that answers on 8080, TCP and UDP. */
export function workload(props: WorkloadProps): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: props.replicas,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: LABELS } }],
          containers: [{ name: 'web', image: 'server', ports: [{ containerPort: 8080 }], readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 } }],
        },
      },
    },
  };
}

export interface ServiceProps {
  readonly policy: 'Local' | 'Cluster';
  readonly type?: 'LoadBalancer' | 'NodePort';
  readonly families?: string[];
}

/** A Service in front of it: port 80 over TCP, 81 over UDP. */
export function service(name: string, { policy, type = 'LoadBalancer', families = ['IPv4'] }: ServiceProps): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type,
      externalTrafficPolicy: policy,
      ipFamilies: families,
      selector: LABELS,
      ports: [{ name: 'tcp', port: 80, targetPort: 8080, protocol: 'TCP' }, { name: 'udp', port: 81, targetPort: 8080, protocol: 'UDP' }],
    },
  };
}

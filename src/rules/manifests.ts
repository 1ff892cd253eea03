/**
 * What the examples of the rules are made of.
 */
export const LOCAL_SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---`;

export const ONE_POD_A_NODE = 'podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}';

interface Parts {
  readonly name?: string;
  readonly replicas?: number;
  /** @default - one pod is added at a time, and none is missing */
  readonly strategy?: string;
  readonly labels?: string;
  readonly affinity?: string;
  /** More of the pod's spec. */
  readonly pod?: string;
  /** @default 55 */
  readonly gracePeriod?: number;
  /** @default - a probe of the served port */
  readonly readinessProbe?: string;
}

/**
 * A Deployment that stands well behind `LOCAL_SERVICE`, but for what is said.
 */
export function webDeployment(parts: Parts = {}): string {
  const { name = 'web', replicas = 3, strategy = '{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}', labels = '{app: web}', gracePeriod = 55 } = parts;
  const { affinity, pod, readinessProbe = '{tcpSocket: {port: 8080}}' } = parts;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  strategy: ${strategy}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: ${labels}}
    spec:
      terminationGracePeriodSeconds: ${gracePeriod}
${affinity ? `      affinity: {${affinity}}\n` : ''}${pod ? `      ${pod}\n` : ''}      containers:
      - name: web
        image: web
        ports: [{containerPort: 8080}]
${readinessProbe ? `        readinessProbe: ${readinessProbe}\n` : ''}        lifecycle: {preStop: {exec: {command: [sleep, "25"]}}}
`;
}

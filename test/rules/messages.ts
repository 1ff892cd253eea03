/**
 * What each rule says of its failing manifests, to the letter: an id, what, the value, what is
 * allowed, and the change to make.
 */
export const messages: Record<string, string[]> = {
  CIP100: [
    'CIP100: Deployment web: cannot be written: PodSpec must have at least 1 container. Correct what the reason names.',
  ],
  CIP101: [
    'CIP101: Service web: spec.type is "ClusterIP" and spec.externalTrafficPolicy is "Local"; allowed types are LoadBalancer and NodePort. Set spec.type to LoadBalancer or NodePort, or remove spec.externalTrafficPolicy; for callers inside the cluster, add a Service of its own.',
  ],
  CIP102: [
    'CIP102: Service web: spec.externalTrafficPolicy is "local"; allowed are Local and Cluster. Write Local to keep the client address, or Cluster.',
  ],
  CIP103: [
    'CIP103: Service web: spec.healthCheckNodePort is 31000 with spec.type "LoadBalancer" and spec.externalTrafficPolicy "Cluster"; it is allowed with LoadBalancer and Local only. Remove spec.healthCheckNodePort, or set spec.type to LoadBalancer and spec.externalTrafficPolicy to Local.',
  ],
  CIP105: [
    'CIP105: Service web: spec.healthCheckNodePort 31000 is taken by spec.ports[0].nodePort of Service web; a node port can be had once. Choose a free port from 30000 to 32767, or leave the field out and one is allocated.',
  ],
  CIP106: [
    'CIP106: Service web: spec.allocateLoadBalancerNodePorts is false with spec.type "NodePort"; it is allowed with LoadBalancer only. Remove spec.allocateLoadBalancerNodePorts, or set spec.type to LoadBalancer.',
  ],
  CIP108: [
    'CIP108: Service web: spec.loadBalancerClass is "example.com/internal" with spec.type "NodePort"; it is allowed with LoadBalancer only. Remove spec.loadBalancerClass, or set spec.type to LoadBalancer.',
  ],
  CIP111: [
    'CIP111: Deployment web: spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight is 0; allowed is an integer from 1 to 100. Give every term a topologyKey and its conditions under labelSelector, and every weight an integer from 1 to 100.',
    'CIP111: Deployment web: spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchExpressions does not exist; allowed fields are labelSelector, namespaces, namespaceSelector, topologyKey, matchLabelKeys, mismatchLabelKeys, and conditions stand under labelSelector. Give every term a topologyKey and its conditions under labelSelector, and every weight an integer from 1 to 100.',
  ],
  CIP112: [
    'CIP112: Deployment web: spec.strategy.rollingUpdate has maxSurge 0 and maxUnavailable "0%"; at most one of them may be 0. Set maxSurge to 1 or more and keep maxUnavailable 0, so that no serving node stops serving; where no second pod fits, set maxUnavailable to 1 instead.',
  ],
  CIP113: [
    'CIP113: Deployment web: spec.progressDeadlineSeconds is 600 and spec.minReadySeconds 600; the deadline must be the greater. Raise spec.progressDeadlineSeconds above spec.minReadySeconds, by the time that a pod takes to start and an old one to stop.',
  ],
  CIP115: [
    'CIP115: Service web: spec.ports[0].port is "8000-8010"; allowed is an integer from 1 to 65535. Give an integer from 1 to 65535, and one entry for each port.',
    'CIP115: Service web: spec.ports[0].targetPort is 0; allowed is an integer from 1 to 65535 or the name of a container\'s port. Give an integer from 1 to 65535, and one entry for each port.',
  ],
  CIP116: [
    'CIP116: Service dns: spec.ports[1].name "dns" is the name of spec.ports[0] too; a name is allowed once. Give every port a name of its own, and remove the one that repeats another in number and protocol.',
    'CIP116: Service dns: spec.ports[1] is 53/TCP, as is spec.ports[0]; a number and protocol is allowed once. Give every port a name of its own, and remove the one that repeats another in number and protocol.',
  ],
  CIP117: [
    'CIP117: Deployment web: spec.replicas is -1; allowed is an integer from 0 to 2147483647. Give spec.replicas an integer from 0 on.',
  ],
  CIP118: [
    'CIP118: Service web: metadata.labels["team"] is "payments and billing" of 20 characters; allowed is a string of at most 63 letters, digits, -, _ and ., with a letter or digit at both ends. Shorten the value, or replace what is not a letter, digit, -, _ or .; longer text belongs in an annotation.',
  ],
  CIP119: [
    'CIP119: Pod web: spec.containers is empty; at least one container is needed. Add a container with a name and an image.',
  ],
  CIP120: [
    'CIP120: Service Web_2: metadata.name is "Web_2"; allowed is at most 63 of a-z, 0-9 and -, with a letter first. Use a-z, 0-9 and -, at most 63 characters, with a letter first and no - at the end.',
  ],
  CIP121: [
    'CIP121: Service web: metadata.name is that of another Service in this app; a name is allowed once for each kind and namespace. Give one of them another metadata.name, or leave the name to cdk8s.',
  ],
  CIP122: [
    'CIP122: Deployment web: spec.selector {"matchLabels":{"app":"web"}} does not select the labels of spec.template, {"app":"wbe"}; it must, by one condition at least. Give the pod template every label that spec.selector asks for.',
  ],
  CIP201: [
    'CIP201: Service web: spec.type is NodePort and spec.externalTrafficPolicy Local, and Deployment web with 2 replicas stands behind it; every node without a ready pod drops its traffic. Allowed is a pod on every node, or a balancer that checks the port itself. Expose it by a load balancer, run a pod on every node, or, where the balancer outside checks the port itself, say so: Exposure.nodePort({ externallyHealthChecked: true }), or the annotation cdk8s-client-ip/externally-health-checked: "true".',
  ],
  CIP212: [
    'CIP212: Service web: spec.publishNotReadyAddresses is true with spec.externalTrafficPolicy Local; a node then passes the health check with a pod that is not ready. Wanted is false. Remove spec.publishNotReadyAddresses, and give peers that must find each other early a headless Service of their own.',
  ],
  CIP218: [
    'CIP218: Service web: spec.internalTrafficPolicy is Local too; callers in the cluster then fail on every node without a pod. Wanted is Cluster. Remove spec.internalTrafficPolicy, or set it to Cluster.',
  ],
  CIP401: [
    'CIP401: Deployment web: required anti-affinity on kubernetes.io/hostname, 3 replicas and maxUnavailable 0 (25% of 3, rounded down) need more than 3 nodes, and there are 3: else the first new pod of a rollout waits for ever. Allowed are maxUnavailable of 1 or more, 4 nodes, or a rule for each generation. Let the rule tell generations apart (Spread.required() does; by hand, matchLabelKeys: [pod-template-hash] in the term from Kubernetes 1.31 on), set maxUnavailable to 1, or add a node.',
  ],
  CIP405: [
    'CIP405: Deployment web: spec.replicas is 4 and required anti-affinity on kubernetes.io/hostname allows one pod each; there are 3, and 1 pod stays Pending. Allowed are at most as many replicas as nodes. Lower replicas to the number of nodes, add nodes, or use Spread.even(), which shares nodes evenly, or Spread.preferred().',
  ],
  CIP408: [
    'CIP408: Deployment web: the rule on kubernetes.io/hostname is a preference only; some of the 3 pods may share a node and its share of the traffic. Wanted is a required rule, or an even spread. Use Spread.required() where there is a node for each pod, or Spread.even(), which also runs with fewer.',
  ],
  CIP416: [
    'CIP416: Deployment web: pods are spread over topology.kubernetes.io/zone alone; 3 pods may share as few nodes as there are zones. Wanted is a rule on kubernetes.io/hostname too. Add a rule on kubernetes.io/hostname beside the one on zones: Spread.required({ zones: ZoneSpread.PREFERRED }).',
  ],
  CIP417: [
    'CIP417: Deployment web: spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector {"matchLabels":{"app":"wbe"}} selects neither the workload\'s own pods, labelled {"app":"web"}, nor any other in this app, so that it does not spread them. Wanted are labels that the pods have. Select the pods by their own labels: those in the workload\'s spec.selector.',
  ],
  CIP419: [
    'CIP419: Service web: spec.selector selects 2 workloads (Deployment web, Deployment canary), whose pods may share nodes and so divide their shares unevenly. Wanted is one, or rules that keep all their pods apart. Narrow the Service\'s selector to one workload, or let the rules of all of them select the pods of all.',
  ],
  CIP420: [
    'CIP420: PodDisruptionBudget web: spec.minAvailable is 3 for 3 pods, so that none may ever be evicted. Allowed is a budget that lets at least one go. Set maxUnavailable: 1 and unhealthyPodEvictionPolicy: AlwaysAllow; for a single replica, remove the budget or run two.',
  ],
  CIP426: [
    'CIP426: Deployment web: spec.strategy.type is Recreate behind Local Service web, so that every node drops traffic during a rollout. Allowed is RollingUpdate. Use a rolling update with maxUnavailable 0: Rollout.keepServing(), or strategy: {type: RollingUpdate}.',
  ],
  CIP427: [
    'CIP427: Deployment web: required anti-affinity on kubernetes.io/hostname tells generations apart by the label cdk8s-client-ip/generation, which kubectl rollout restart does not change; with 3 replicas on 3 nodes a restart waits until the next rollout. Wanted are 4 nodes, or restarts from the app. Make such changes in the app and apply it, a restart by an annotation of the pods. Or keep one node more than replicas, or use Spread.even(), which needs no label; from Kubernetes 1.31 on, declare the version.',
  ],
  CIP428: [
    'CIP428: Deployment web: a rollout of 8 replicas may add 2 and do without 2 at a time, so that nodes which serve may be without a ready pod for as long as one takes to start. Wanted are maxSurge 1 and maxUnavailable 0. Set maxSurge to 1 and maxUnavailable to 0: Rollout.keepServing().',
  ],
  CIP429: [
    'CIP429: Deployment web: 6 replicas cannot be even over 3 nodes and over 2 zones, since 2 zones cannot have equal parts of 3 nodes; some pods stay Pending. Allowed are nodes in equal parts, or one of the two rules soft. Use zones: ZoneSpread.PREFERRED, give every zone as many nodes, or run fewer replicas.',
  ],
  CIP501: [
    'CIP501: Deployment web: spec.template.spec.terminationGracePeriodSeconds is 20 and spec.template.spec.containers[0].lifecycle.preStop waits 25 s, which leaves the container no time to stop. Allowed is a grace period above 25. Wait in preStop for the balancer\'s interval times its threshold, 25 seconds for most, and set terminationGracePeriodSeconds to that plus what the app needs to finish: Drain.delay(), or lifecycle.preStop by hand.',
  ],
  CIP504: [
    'CIP504: Deployment web: spec.template.spec.containers[0] has no readinessProbe, so that it gets traffic as soon as it starts. Wanted is one on the port that it serves. Give the container a readinessProbe on the port that it serves.',
  ],
};

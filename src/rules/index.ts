import { unwritable } from './cip100-unwritable';
import { policyOnInternalType } from './cip101-policy-on-internal-type';
import { unknownPolicy } from './cip102-unknown-policy';
import { healthCheckPortWithoutLocal } from './cip103-health-check-port-without-local';
import { nodePortTaken } from './cip105-node-port-taken';
import { allocationWithoutLoadBalancer } from './cip106-allocation-without-load-balancer';
import { classWithoutLoadBalancer } from './cip108-class-without-load-balancer';
import { malformedAffinity } from './cip111-malformed-affinity';
import { rolloutWithoutRoom } from './cip112-rollout-without-room';
import { deadlineBeforeReady } from './cip113-deadline-before-ready';
import { portOutOfRange } from './cip115-port-out-of-range';
import { ambiguousPorts } from './cip116-ambiguous-ports';
import { impossibleReplicas } from './cip117-impossible-replicas';
import { illegalLabel } from './cip118-illegal-label';
import { noContainer } from './cip119-no-container';
import { illegalName } from './cip120-illegal-name';
import { duplicateObject } from './cip121-duplicate-object';
import { foreignSelector } from './cip122-foreign-selector';
import { nodeWithoutAPod } from './cip201-node-without-a-pod';
import { unreadyPodsPublished } from './cip212-unready-pods-published';
import { internalPolicyLocal } from './cip218-internal-policy-local';
import { rolloutDeadlock } from './cip401-rollout-deadlock';
import { morePodsThanNodes } from './cip405-more-pods-than-nodes';
import { preferenceOnly } from './cip408-preference-only';
import { zoneOnly } from './cip416-zone-only';
import { selectorMissesOwnPods } from './cip417-selector-misses-own-pods';
import { severalWorkloads } from './cip419-several-workloads';
import { budgetBlocksDrain } from './cip420-budget-blocks-drain';
import { recreate } from './cip426-recreate';
import { restartWaits } from './cip427-restart-waits';
import { rolloutEmptiesNodes } from './cip428-rollout-empties-nodes';
import { nodesAgainstZones } from './cip429-nodes-against-zones';
import { drainBudget } from './cip501-drain-budget';
import { noReadinessProbe } from './cip504-no-readiness-probe';
import { Rule } from './rule';

/**
 * The catalogue, in the order of the ids.
 */
export const rules: readonly Rule[] = [
  unwritable,
  policyOnInternalType,
  unknownPolicy,
  healthCheckPortWithoutLocal,
  nodePortTaken,
  allocationWithoutLoadBalancer,
  classWithoutLoadBalancer,
  malformedAffinity,
  rolloutWithoutRoom,
  deadlineBeforeReady,
  portOutOfRange,
  ambiguousPorts,
  impossibleReplicas,
  illegalLabel,
  noContainer,
  illegalName,
  duplicateObject,
  foreignSelector,
  nodeWithoutAPod,
  unreadyPodsPublished,
  internalPolicyLocal,
  rolloutDeadlock,
  morePodsThanNodes,
  preferenceOnly,
  zoneOnly,
  selectorMissesOwnPods,
  severalWorkloads,
  budgetBlocksDrain,
  recreate,
  restartWaits,
  rolloutEmptiesNodes,
  nodesAgainstZones,
  drainBudget,
  noReadinessProbe,
];

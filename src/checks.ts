import { IConstruct } from 'constructs';
import { Finding } from './finding';
import { findingsOf, installChecks } from './synth-door';

/**
 * The checks of an app: every Service and workload in it, whoever constructed them.
 *
 * They run by themselves at synth, in every app that has one of this library's constructs or
 * describes its cluster: errors stop the synthesis, all of them at once; warnings go to stderr.
 */
export class ClientIpChecks {
  /**
   * The checks of the app that a scope belongs to. Turns them on, if nothing else has.
   *
   * @param scope the app, or any construct in it
   */
  public static of(scope: IConstruct): ClientIpChecks {
    installChecks(scope);
    return new ClientIpChecks(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * All that the rules have against the app as it stands now, errors and warnings, in the
   * order of the rules. Does not change what is synthesized.
   */
  public findings(): Finding[] {
    return [...findingsOf(this.scope)];
  }
}

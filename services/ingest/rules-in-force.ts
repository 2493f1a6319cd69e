import type { Finding } from '../../geo/finding.ts';
import type { Judge, MakeJudge } from '../../geo/judge.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { FindingWrite } from '../store/store.ts';

/**
 * The plan in force with the judge made for it: one for all vehicles, swapped whole between two reports. Without a
 * plan there is no judge, and reports are stored unjudged.
 */
export class RulesInForce {
  plan: Plan | null;
  judge: Judge | null;
  readonly #stop: () => void;

  constructor(current: CurrentPlan, makeJudge: MakeJudge, onChange: () => void) {
    this.plan = current.plan;
    this.judge = this.plan && makeJudge(this.plan);
    this.#stop = current.onChange((plan) => {
      this.plan = plan;
      this.judge = makeJudge(plan);
      onChange();
    });
  }

  get version(): string {
    return this.plan?.version ?? '';
  }

  district(vehicle: string): string | null {
    return this.plan?.vehicles.get(vehicle)?.district ?? null;
  }

  schools(trip: string | null | undefined): readonly string[] {
    return (trip && this.plan?.trips.get(trip)?.schoolIds) || NONE;
  }

  /** A finding with those it concerns, as they are in the plan now. */
  concerning(vehicleKey: number, finding: Finding, replaces: string | null): FindingWrite {
    return {
      vehicleKey,
      finding,
      district: this.district(finding.vehicle),
      schoolIds: this.schools(finding.trip),
      replaces,
    };
  }

  close(): void {
    this.#stop();
  }
}

const NONE: readonly string[] = [];

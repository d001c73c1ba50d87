import classes from './user.module.css';

interface BalanceStepsProps {
  steps: readonly [label: string, value: string][];
}

/** Figures that follow one another: what is there now, and what will be. */
export function BalanceSteps({ steps }: BalanceStepsProps) {
  return (
    <dl className={classes.steps}>
      {steps.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

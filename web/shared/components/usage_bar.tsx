import { Progress } from '@mantine/core';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { useFormats } from '../session/use_formats';
import { toneOfUse } from './states';
import classes from './tones.module.css';

interface UsageBarProps {
  /** 0 to 100, as `usage_percent`; more is drawn full. */
  percent: number;
  /** The user's, so that bar and badge have one colour. */
  state?: string | undefined;
  size?: 'sm' | 'md' | 'lg' | 'xl';
}

/** How much is used: green, amber from 80 %, red at 100 % and where the user is blocked. Write the number beside it: colour alone says nothing. */
export function UsageBar({ percent, state, size = 'lg' }: UsageBarProps) {
  const t = useTexts(commonTexts).progress;
  const formats = useFormats();
  return (
    <Progress.Root size={size} className={`${classes.track} ${classes[toneOfUse(percent, state)]}`}>
      <Progress.Section
        value={Math.min(100, Math.max(0, percent))}
        className={classes.section}
        aria-label={t.label(formats.percent(percent))}
      />
    </Progress.Root>
  );
}

import { Progress } from '@mantine/core';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { useFormats } from '../session/use_formats';
import { toneOfPercent } from './states';
import classes from './tones.module.css';

interface UsageBarProps {
  /** 0 to 100, as `usage_percent`; more is drawn full. */
  percent: number;
  size?: 'sm' | 'md' | 'lg' | 'xl';
}

/** How much is used: green, amber from 80 %, red at 100 %. Write the number beside it: colour alone says nothing. */
export function UsageBar({ percent, size = 'lg' }: UsageBarProps) {
  const t = useTexts(commonTexts).progress;
  const formats = useFormats();
  return (
    <Progress.Root size={size} className={`${classes.track} ${classes[toneOfPercent(percent)]}`}>
      <Progress.Section
        value={Math.min(100, Math.max(0, percent))}
        className={classes.section}
        aria-label={t.label(formats.percent(percent))}
      />
    </Progress.Root>
  );
}

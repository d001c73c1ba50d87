import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Tone } from './states';
import classes from './tones.module.css';

/** A badge whose colour means good, alert, blocked or neither; its text says the same. */
export function ToneBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <Badge className={`${classes.badge} ${classes[tone]}`}>{children}</Badge>;
}

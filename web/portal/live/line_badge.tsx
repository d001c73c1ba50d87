import { ToneBadge } from '@shared/components/tone_badge';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import type { LineState } from '@shared/live/event_line';

const TONES = { connecting: 'neutral', live: 'good', waiting: 'alert' } as const;

/** Whether the figures beside it follow by themselves. */
export function LineBadge({ line }: { line: LineState }) {
  const t = useTexts(balanceTexts).line;
  return (
    <output className="solaris-no-print" style={{ display: 'inline-flex' }}>
      <ToneBadge tone={TONES[line]}>{t[line]}</ToneBadge>
    </output>
  );
}

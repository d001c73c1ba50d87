import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { toneOf, type UserState } from './states';
import { ToneBadge } from './tone_badge';

/** Ativo, Alerta, Bloqueado or Suspenso. */
export function StateBadge({ state }: { state: UserState }) {
  const t = useTexts(commonTexts).states;
  const label = state === 'alert_80' || state === 'alert_90' ? t.alert : t[state];
  return <ToneBadge tone={toneOf(state)}>{label}</ToneBadge>;
}

import { Button, Card, Text, Title } from '@mantine/core';
import type { PackageResponse } from '@shared/api/proxy.gen';
import { ToneBadge } from '@shared/components/tone_badge';
import { useTexts } from '@shared/i18n/language';
import { shopTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import classes from './package_card.module.css';
import { packageBadge, packageName } from './package_words';

interface CardProps {
  disabled: boolean;
  onChoose: () => void;
}

/** A package on sale: tokens, price, and what a thousand of them cost. */
export function PackageCard({ offer, disabled, onChoose }: CardProps & { offer: PackageResponse }) {
  const t = useTexts(shopTexts);
  const formats = useFormats();
  const tokens = t.tokens(offer.tokens, formats.integer(offer.tokens));
  const name = packageName(offer, tokens);
  const badge = packageBadge(offer, t);
  return (
    <Card className={classes.card} data-badged={badge ? true : undefined}>
      <div className={classes.badge}>{badge && <ToneBadge tone="good">{badge}</ToneBadge>}</div>
      <Title order={2} size="h3">
        {name}
      </Title>
      <Text className={classes.price}>{formats.money(offer.amount_brl)}</Text>
      {name !== tokens && <Text fw={600}>{tokens}</Text>}
      <Text size="sm" c="dimmed">
        {t.perThousand(formats.money((1000 * offer.amount_brl) / offer.tokens))}
      </Text>
      <Button
        className={classes.action ?? ''}
        variant={offer.badge ? 'filled' : 'light'}
        disabled={disabled}
        aria-label={t.chooseName(name)}
        onClick={onChoose}
      >
        {t.choose}
      </Button>
    </Card>
  );
}

/** An amount that no package has; staff price it. */
export function OtherAmountCard({ disabled, onChoose }: CardProps) {
  const t = useTexts(shopTexts);
  return (
    <Card className={classes.card}>
      <div className={classes.badge} />
      <Title order={2} size="h3">
        {t.other}
      </Title>
      <Text size="sm" c="dimmed" mt="xs">
        {t.otherText}
      </Text>
      <Button
        className={classes.action ?? ''}
        variant="default"
        disabled={disabled}
        aria-label={t.otherActionInFull}
        onClick={onChoose}
      >
        {t.otherAction}
      </Button>
    </Card>
  );
}

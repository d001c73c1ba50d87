import { Skeleton } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import type { HistoryGroup, SumResponse } from '@shared/api/proxy.gen';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { useTexts } from '@shared/i18n/language';
import { statementTexts } from '@shared/i18n';
import { IconChart } from '@shared/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sumsOf } from './course';

interface SumsBodyProps {
  read: UseQueryResult<unknown, ApiError>;
  group: HistoryGroup;
  /** Held while the answer is on its way. */
  height: number;
  children: (sums: readonly SumResponse[], truncated: boolean) => ReactNode;
}

/** Sums as soon as they are there; before, the place they will take, and in their stead an error or that there is nothing. */
export function SumsBody({ read, group, height, children }: SumsBodyProps) {
  const t = useTexts(statementTexts);
  // The former filter's sums would be drawn over the new filter's days.
  const sums = read.isPlaceholderData ? undefined : sumsOf(read.data, group);
  if (!sums && read.error)
    return <ErrorMessage error={read.error} onRetry={() => void read.refetch()} order={3} />;
  if (!sums) return <Skeleton height={height} />;
  if (sums.data.length === 0)
    return <EmptyMessage icon={IconChart} title={t.emptyTitle} text={t.emptyText} order={3} />;
  return <>{children(sums.data, sums.truncated)}</>;
}

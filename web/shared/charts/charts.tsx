/** Charts, loaded when the first one is drawn (300 kB that most visits don't need). The place is held meanwhile. */

import { Skeleton, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { LoadedChartProps } from './loaded_chart';

const LoadedChart = lazy(() => import('./loaded_chart'));

export type { Series } from './loaded_chart';

interface ChartProps extends Omit<LoadedChartProps, 'height'> {
  height?: number;
  /** What the chart shows, in a sentence that gives its main figures: it is all that a screen reader gets. */
  description: string;
}

/** An area, line or bar chart over a row of labels. */
export function Chart({ description, height = 260, ...chart }: ChartProps) {
  return (
    <figure style={{ margin: 0, height }} aria-label={description}>
      <VisuallyHidden>{description}</VisuallyHidden>
      <div aria-hidden="true">
        <Suspense fallback={<Skeleton height={height} />}>
          <LoadedChart {...chart} height={height} />
        </Suspense>
      </div>
    </figure>
  );
}

import { AreaChart, BarChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';

export interface Series {
  /** The rows' key. */
  name: string;
  /** As the legend calls it. */
  label: string;
  /** `var(--solaris-chart-1)` to `-5`, or a colour by meaning. */
  color: string;
}

export interface LoadedChartProps {
  kind: 'area' | 'line' | 'bar';
  rows: Record<string, string | number | null>[];
  /** The rows' key of the label below. */
  labelKey: string;
  series: Series[];
  height: number;
  /** Room for the values at the axis. */
  axisPixels?: number;
  stacked?: boolean;
  /** How a value is written, at the axis and in the tooltip. */
  format: (value: number) => string;
}

// The drawing is hidden from screen readers, which get `description`: nothing in it may take the focus.
const UNFOCUSED = { accessibilityLayer: false } as const;

/** Drawn by `Chart`; loaded apart. */
export default function LoadedChart({
  kind,
  rows,
  labelKey,
  series,
  height,
  axisPixels = 64,
  stacked,
  format,
}: LoadedChartProps) {
  const common = {
    h: height,
    data: rows,
    dataKey: labelKey,
    series,
    valueFormatter: format,
    withLegend: series.length > 1,
    gridColor: 'var(--solaris-line)',
    textColor: 'var(--mantine-color-dimmed)',
    yAxisProps: { width: axisPixels },
  };
  if (kind === 'bar')
    return <BarChart {...common} barChartProps={UNFOCUSED} type={stacked ? 'stacked' : 'default'} />;
  if (kind === 'line')
    return (
      <LineChart {...common} lineChartProps={UNFOCUSED} curveType="linear" withDots={rows.length <= 31} />
    );
  return (
    <AreaChart
      {...common}
      areaChartProps={UNFOCUSED}
      type={stacked ? 'stacked' : 'default'}
      curveType="linear"
      withDots={rows.length <= 31}
    />
  );
}

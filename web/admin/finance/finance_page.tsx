/** Revenue and credits, every transaction, and what is on sale. */

import { Tabs } from '@mantine/core';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { financeTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useSearchParams } from 'wouter';
import { Overview } from './overview';
import { Packages } from './packages';
import { Plans } from './plans';
import { Transactions } from './transactions';

const TABS = ['overview', 'transactions', 'packages', 'plans'] as const;
const PARAMETER = 'aba';

export default function FinancePage() {
  const t = useTexts(financeTexts);
  const [parameters, setParameters] = useSearchParams();
  const tab = TABS.find((one) => one === parameters.get(PARAMETER)) ?? 'overview';
  const go = (next: string | null) =>
    setParameters(
      next && next !== 'overview' ? new URLSearchParams({ [PARAMETER]: next }) : new URLSearchParams(),
    );
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List
          mb="md"
          aria-label={t.tabsLabel}
          style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        >
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one} px={{ base: 'xs', xs: 'md' }}>
              {t.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview />
        </Tabs.Panel>
        <Tabs.Panel value="transactions">
          <Transactions />
        </Tabs.Panel>
        <Tabs.Panel value="packages">
          <Packages />
        </Tabs.Panel>
        <Tabs.Panel value="plans">
          <Plans />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

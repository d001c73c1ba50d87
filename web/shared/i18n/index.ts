/** All areas of texts: `const t = useTexts(statementTexts)`. A page loads those it names. */

export { accountTexts } from './en/account';
export { auditTexts } from './en/audit';
export { balanceTexts } from './en/balance';
export { commonTexts } from './en/common';
export { dashboardTexts } from './en/dashboard';
export { financeTexts } from './en/finance';
export { formTexts } from './en/forms';
export { frontEndTexts } from './en/front_ends';
export { keysTexts } from './en/keys';
export { modelsTexts } from './en/models';
export { navigationTexts } from './en/navigation';
export { ownRequestsTexts } from './en/own_requests';
export { receiptTexts } from './en/receipt';
export { requestsTexts } from './en/requests';
export { secondPersonTexts } from './en/second_person';
export { sessionTexts } from './en/session';
export { shopTexts } from './en/shop';
export { staffTexts } from './en/staff';
export { statementTexts } from './en/statement';
export { usageTexts } from './en/usage';
export { userTexts } from './en/user';
export { userActionsTexts } from './en/user_actions';
export { usersTexts } from './en/users';
export type { PageName } from './en/navigation';

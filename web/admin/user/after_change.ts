/** What is asked again when an account was changed. */
export const USER_READS = [
  'GET /admin/users',
  'GET /admin/users/{id}',
  'GET /admin/users/{id}/daily',
  'GET /admin/users/{id}/alerts',
  'GET /admin/credits/transactions',
  'GET /admin/dashboard',
  'GET /admin/staff',
] as const;

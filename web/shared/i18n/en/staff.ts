import { staff as source } from '../pt-BR/staff';
import { area } from '../texts';

export const staffTexts = area(source, {
  title: 'Staff',
  lead: 'Who may open the administration',
  name: 'Name',
  email: 'E-mail',
  role: 'Role',
  state: 'State',
  since: 'Since',
  you: 'you',
  suspended: 'Suspended',
  change: 'Change role',
  changeOf: (name) => `Change the role of ${name}`,
  confirm: (name, role) => `${name} becomes ${role}. It counts at once.`,
  toUser: 'This person can’t open the administration any more. Account, balance and use stay.',
  changed: (name, role) => `${name} is now ${role}.`,
  lastTitle: 'The last super admin can’t be taken away',
  lastText: 'Somebody must be able to change roles. Make another person super admin first.',
  onlyOwner: 'Only a super admin changes roles.',
  add: 'Add to the staff',
  addTitle: 'Add to the staff',
  addRole: 'Role in the staff',
  roleHelp: {
    user: 'Uses the chat and the portal. Can’t open the administration.',
    support: 'Sees users, use and requests, without amounts of money.',
    operator:
      'Also sees the dashboard, tokens, amounts, models, keys and the audit log; edits and suspends users.',
    admin: 'Gives credits, decides requests, changes plans, weights and keys.',
    super_admin: 'May do everything, and changes the staff’s roles.',
  },
  rolesTitle: 'What each role may do',
});

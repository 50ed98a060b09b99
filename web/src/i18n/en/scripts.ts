export const scripts = {
  title: 'Scripts',
  text: 'Script sets hold your own filters, checks and startup scripts.',
}

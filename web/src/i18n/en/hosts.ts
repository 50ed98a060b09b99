export const hosts = {
  title: 'Hosts',
  count: '{{total}} hosts',
  search: 'Search by name',
  state: 'State',
  sort: { label: 'Order', name: 'Name', level: 'Most urgent first', value: 'Fullest first', exhaustion: 'Least time left first', seen: 'Silent longest first' },
  column: { host: 'Host', state: 'State', memory: 'Memory', trend: 'Six hours', verdict: 'Verdict', left: 'Time left', collectors: 'Collectors', seen: 'Newest sample' },
  none: 'No host yet',
  none_text: 'Connect a Prometheus, or let a collector send samples here; hosts stand here after the next run.',
  none_match: 'No host is as the filter wants it',
  of: '{{value}} of {{total}}',
  open_events: 'Open events: {{count}}',
  missing: 'Analyses without data: {{count}}',
}

// Names of the lines of a chart.
export const chart = {
  measured: 'In use',
  floor: 'Floor of 15 min',
  fitted: 'Growth',
  forecast: 'Forecast',
  onset: 'Onset',
  limit: 'Limit',
  killed: 'Next kill',
  event: 'Event opened',
  whole: 'Show the whole time',
  keys: 'Arrow keys say the values',
}

// Names of the lines of a chart.
export const chart = {
  time: 'Time',
  measured: 'In use',
  floor: 'Floor of 15 min',
  fitted: 'Growth',
  earliest: 'Earliest',
  latest: 'Latest',
  onset: 'Onset',
  limit: 'Limit',
}

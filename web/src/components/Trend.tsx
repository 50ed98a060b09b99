/** Trend is a small curve without axes; gaps break it. */
export function Trend({ values, width = 96, height = 24, label }: { values: (number | null)[]; width?: number; height?: number; label: string }) {
  const known = values.filter((v): v is number => v !== null)
  if (known.length < 2) return null
  const low = Math.min(...known)
  const high = Math.max(...known)
  const span = Math.max(high - low, 1e-9, Math.abs(high) * 0.02)
  const x = (i: number) => (i * (width - 4)) / (values.length - 1) + 2
  const y = (v: number) => height - 3 - ((v - low) * (height - 6)) / span
  let path = ''
  let pen = 'M'
  values.forEach((v, i) => {
    if (v === null) {
      pen = 'M'
      return
    }
    path += `${pen}${x(i).toFixed(1)} ${y(v).toFixed(1)}`
    pen = 'L'
  })
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <path d={path} fill="none" stroke="var(--mantine-color-anchor)" strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  )
}

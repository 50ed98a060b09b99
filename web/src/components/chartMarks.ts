// What is marked on a chart besides its lines: times and values, each with its name. What lies outside of what is
// shown is named at the edge that it lies beyond, so that the curve need not be squeezed for it.
import type uPlot from 'uplot'

type Ink = { text: string; paper: string }

/** upright marks a time by a line with its name; row moves the name down, where another stands above. */
export function upright(u: uPlot, at: number, stroke: string, ink: Ink, name: string, row = 0) {
  const { min, max } = u.scales.x!
  const { left, top, width, height } = u.bbox
  if (min === undefined || max === undefined || min === null || max === null) return
  if (at < min || at > max) {
    if (name !== '') write(u, ink, at < min ? `← ${name}` : `${name} →`, at < min ? left : left + width, top, at < min ? 'left' : 'right', row)
    return
  }
  const x = u.valToPos(at, 'x', true)
  draw(u, stroke, [3, 3], x, top, x, top + height)
  if (name !== '') write(u, ink, name, x, top, x > left + 0.8 * width ? 'right' : 'left', row)
}

/** across marks a value by a line with its name, or says beyond which edge it lies. */
export function across(u: uPlot, value: number, ink: Ink, name: string) {
  const { min, max } = u.scales.y!
  const { left, top, width, height } = u.bbox
  if (min === undefined || max === undefined || min === null || max === null) return
  if (value > max) return write(u, ink, `↑ ${name}`, left + width, top, 'right', 0)
  if (value < min) return write(u, ink, `↓ ${name}`, left + width, top + height, 'right', -1)
  const y = u.valToPos(value, 'y', true)
  draw(u, ink.text, [], left, y, left + width, y)
  write(u, ink, name, left + width, y, 'right', 0)
}

function draw({ ctx }: uPlot, stroke: string, dash: number[], fromX: number, fromY: number, toX: number, toY: number) {
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash(dash.map((d) => d * devicePixelRatio))
  ctx.beginPath()
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
  ctx.restore()
}

const line = 14 // px of a row of names

// write puts a name below a point, on paper of its own so that curves behind it leave it readable.
function write({ ctx }: uPlot, ink: Ink, name: string, x: number, y: number, align: 'left' | 'right', row: number) {
  ctx.save()
  ctx.font = `${11 * devicePixelRatio}px sans-serif`
  ctx.textAlign = align
  ctx.textBaseline = 'alphabetic'
  ctx.lineJoin = 'round'
  ctx.lineWidth = 3 * devicePixelRatio
  ctx.strokeStyle = ink.paper
  ctx.fillStyle = ink.text
  const at = [x + (align === 'left' ? 4 : -4) * devicePixelRatio, y + (12 + row * line) * devicePixelRatio] as const
  ctx.strokeText(name, ...at)
  ctx.fillText(name, ...at)
  ctx.restore()
}

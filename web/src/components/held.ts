// What becomes of a list that changes while somebody is at it: what lies there stays where it is, brought up to date;
// what is new waits until it is asked for. Rows that follow at the end, as one scrolls, come at once.

/** Held is what is shown of a list, how many rows wait to be shown, and whether it would look otherwise by now. */
export type Held<T> = { shown: T[]; added: number; changed: boolean }

/** hold lays fresh rows in the order of those that lie there; undefined is nobody at it, so that all is as fresh. What is dismissed goes. */
export function hold<T>(lying: T[] | undefined, fresh: T[], id: (item: T) => string, dismissed?: ReadonlySet<string>): Held<T> {
  const as = { shown: fresh, added: 0, changed: false }
  if (!lying) return as
  const place = new Map(fresh.map((item, i) => [id(item), i]))
  const kept = lying.filter((item) => place.has(id(item)) || !dismissed?.has(id(item)))
  const places = kept.map((item) => place.get(id(item)))
  const end = Math.max(-1, ...places.filter((i) => i !== undefined))
  if (end < 0) return as // nothing of it is left: it is another list
  const there = new Set(lying.map(id))
  const others = (from: number, to?: number) => fresh.slice(from, to).filter((item) => !there.has(id(item)))
  const added = others(0, end + 1).length
  const moved = places.some((i, n) => i === undefined || (n > 0 && i < (places[n - 1] ?? 0)))
  return { shown: [...kept.map((item, n) => (places[n] === undefined ? item : fresh[places[n]]!)), ...others(end + 1)], added, changed: added > 0 || moved }
}

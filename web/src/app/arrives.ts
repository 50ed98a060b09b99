// The code of a page comes from the server when the page is first opened. Where the server does not answer it is
// waited for, so that the page that is open stays; what is still not there then is of an older version of the app,
// which the router loads anew.
const first = 1_000 // ms between tries
const most = 15_000

const answers = () => fetch('/healthz').then((answer) => answer.ok, () => false)
const pause = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

/** arrives loads the code of a page, however long the server is away. */
export async function arrives<T>(load: () => Promise<T>, there = answers, wait = pause): Promise<T> {
  try {
    return await load()
  } catch {
    for (let ms = first; !(await there()); ms = Math.min(2 * ms, most)) await wait(ms)
    return load()
  }
}
